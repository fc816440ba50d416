using Adapter.Host.Brokers;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.DeadLetters;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Ingest;
using Adapter.Host.Ingest.Amqp;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Neighbours;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Adapter.Host.Verification;
using Adapter.Mappings.Telemetry;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Adapter.Host;

/// <summary>What each stage needs, registered by hand in flow order; nothing is found by scanning.</summary>
internal static class StageServices
{
    /// <summary>The two engines differ here, in how a journal is appended to, and in how a claim finds what waits; all other stores are the same classes.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<StoreClock>();
        services.TryAddKeyedSingleton<TimeProvider>(StoreClock.Key, (s, _) => s.GetRequiredService<StoreClock>());
        if (IsPostgres(configuration))
        {
            services.AddSingleton<PostgresDatabase>();
            services.AddSingleton<StoreDatabase>(s => s.GetRequiredService<PostgresDatabase>());
            services.AddSingleton<IStandbyDoor, StandbyDoor>();
            services.AddSingleton<PostgresLease>();
            services.AddSingleton<StoreWriter, PostgresWriter>();
            services.AddSingleton<IJournal, PostgresJournal>();
            services.AddSingleton<IProcessingStore, PostgresProcessingStore>();
            services.AddHostedService(s => s.GetRequiredService<PostgresLease>());
            services.AddHostedService<PostgresPartitions>();
        }
        else
        {
            services.AddSingleton<SqliteDatabase>();
            services.AddSingleton<StoreDatabase>(s => s.GetRequiredService<SqliteDatabase>());
            services.AddSingleton<StoreWriter, SqliteWriter>();
            services.AddSingleton<IJournal, SqliteJournal>();
            services.AddSingleton<IProcessingStore, SqliteProcessingStore>();
            services.AddHostedService<StoreClaim>();
        }

        return services;
    }

    private static bool IsPostgres(IConfiguration configuration) => configuration["Storage:Provider"] == "postgres";

    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.AddOptions<IngestOptions>().BindConfiguration("Ingest").ValidateOnStart();
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddSingleton<Sources>();
        services.AddSingleton(s => TablesOf(s.GetRequiredService<IOptions<IngestOptions>>().Value));
        services.AddSingleton(s => TelemetryReader.Create(s.GetRequiredService<TelemetryTables>(), s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<SecurityLog>();
        services.AddSingleton(s => new RememberedIds(RememberedIds.Most, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Doorkeeper>();
        services.AddSingleton<IntakeGate>();
        services.AddSingleton<IGapStore, SqlGapStore>();
        services.AddSingleton<GapBook>();
        services.AddHostedService(s => s.GetRequiredService<GapBook>());
        services.AddHostedService<SignOfLife>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IntakeDesk>();
        services.AddSingleton<BrokerBoard>();
        services.AddHealthChecks().AddCheck<BrokerHealth>("brokers", tags: ["ready"]);
        services.AddHostedService<BrokerReceivers>();
        return services;
    }

    /// <exception cref="InvalidOperationException">The deployment's tables cannot be read, or a route names a code space or a dialect that they do not have.</exception>
    private static TelemetryTables TablesOf(IngestOptions options)
    {
        TelemetryTables tables;
        try
        {
            tables = options.TelemetryTables is { } file ? TelemetryTables.Parse(File.ReadAllText(file)) : TelemetryTables.BuiltIn;
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            throw new InvalidOperationException($"Ingest:TelemetryTables: {options.TelemetryTables} cannot be used: {exception.Message}", exception);
        }

        // A code space that does not exist would quietly turn every alarm into UNKNOWN.
        var readers = options.Sources.Select(s => (Setting: $"Ingest:Sources:{s.Key}", s.Value.CodeSpaces, s.Value.Dialect))
            .Concat(options.Brokers.Select(b => (Setting: $"Ingest:Brokers:{b.Key}", b.Value.CodeSpaces, (string?)b.Value.Dialect)));
        foreach (var (setting, codeSpaces, dialect) in readers)
        {
            foreach (var (route, space) in codeSpaces.Where(c => !tables.CodeSpaces.Contains(c.Value)))
            {
                throw new InvalidOperationException($"{setting}:CodeSpaces:{route}: there is no code space '{space}'. Known are {string.Join(", ", tables.CodeSpaces.Order())}.");
            }

            // Read in the wrong dialect, every open seal would be a closed one.
            if (dialect is not null && !tables.Dialects.Contains(dialect))
            {
                throw new InvalidOperationException($"{setting}:Dialect: there is no dialect '{dialect}'. Known are {string.Join(", ", tables.Dialects.Order(StringComparer.Ordinal))}.");
            }
        }

        return tables;
    }

    public static IServiceCollection AddJournal(this IServiceCollection services)
    {
        services.AddSingleton<JournalSignal>();
        services.AddSingleton<IJournalRows>(s => (IJournalRows)s.GetRequiredService<IJournal>());
        services.AddSingleton<ActDesk>();
        return services;
    }

    public static IServiceCollection AddJourneys(this IServiceCollection services)
    {
        services.AddOptions<JourneyOptions>().BindConfiguration("Journeys").ValidateOnStart();
        services.AddSingleton<IValidateOptions<JourneyOptions>, JourneyOptionsValidator>();
        services.TryAddSingleton<IReportDecoder, ReportDecoder>();
        services.AddSingleton<IJourneyReader, SqlJourneyReader>();
        services.AddSingleton<MovementDesk>();
        return services;
    }

    public static IServiceCollection AddVerification(this IServiceCollection services)
    {
        services.AddOptions<VerificationOptions>().BindConfiguration("Verification").ValidateOnStart();
        services.AddSingleton<IValidateOptions<VerificationOptions>, VerificationOptionsValidator>();
        services.AddSingleton(s => Checks.All(s.GetRequiredService<IOptions<VerificationOptions>>().Value));
        return services;
    }

    public static IServiceCollection AddMapping(this IServiceCollection services)
    {
        services.AddSingleton(SchemaCatalogue.BuiltIn);
        services.AddSingleton<LiveDocuments>();
        services.AddSingleton<IMappingStore, SqlMappingStore>();
        services.AddSingleton<IRecordedTraffic, SqlRecordedTraffic>();
        services.AddSingleton<DraftRehearsal>();
        services.AddSingleton<RehearsalDesk>();
        services.AddSingleton<MessageExplainer>();
        services.AddSingleton<MappingReloader>();
        services.AddHostedService(s => s.GetRequiredService<MappingReloader>());
        services.AddSingleton<IMapper, DocumentMapper>();
        return services;
    }

    public static IServiceCollection AddProcessing(this IServiceCollection services)
    {
        services.AddSingleton<IDeadlineStore, SqlDeadlineStore>();
        services.AddSingleton<TransitFlow>();
        services.AddSingleton<ILaneRepair, LaneRepair>();
        services.AddHostedService<TransitWorker>();
        services.AddHostedService<DeadlineClock>();
        return services;
    }

    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<OutboundOptions>().BindConfiguration("Outbound").ValidateOnStart();
        services.AddSingleton<IValidateOptions<OutboundOptions>, OutboundOptionsValidator>();
        // A misspelt setting of a destination must not quietly become a default.
        services.AddOptions<DestinationSeeds>().BindConfiguration("Destinations", binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DestinationSeeds>, DestinationSeedsValidator>();
        services.AddSingleton<IOutboundAllowList>(s => new OutboundAllowList(s.GetRequiredService<IOptions<OutboundOptions>>().Value));
        services.AddSingleton<OutboundSecrets>();
        services.AddSingleton<OutboundHandlers>();
        services.AddSingleton<WcfTransport>();
        services.AddSingleton<RawTransport>();
        services.AddSingleton<ISoapTransport, SoapTransports>();
        services.AddSingleton<BlipPolicy>();
        services.AddSingleton<Breakers>();
        services.AddSingleton<Pacer>();
        services.AddSingleton<LaneSignal>();
        services.AddSingleton<IDestinationStore, SqlDestinationStore>();
        services.AddSingleton<ILaneStore, SqlLaneStore>();
        services.AddSingleton<IPullStore>(s => (IPullStore)s.GetRequiredService<ILaneStore>());
        services.AddSingleton<PullDesk>();
        services.AddSingleton<IAbandonmentStore, SqlAbandonmentStore>();
        services.AddSingleton<LaneAttempt>();
        services.AddHostedService<DestinationSeeder>();
        services.AddHostedService<LaneDispatcher>();
        services.AddHostedService<Escalations>();
        // A misspelt setting must not quietly become a default.
        services.AddOptions<DeadLetterOptions>().BindConfiguration("DeadLetters", binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeadLetterOptions>, DeadLetterOptionsValidator>();
        services.AddSingleton<IDeadLetterOutbox, SqlDeadLetterOutbox>();
        services.AddHostedService<DeadLetterPublisher>();
        return services;
    }

    public static IServiceCollection AddNeighbours(this IServiceCollection services)
    {
        // A misspelt setting of a neighbour must not quietly become a default.
        services.AddOptions<NeighbourOptions>().BindConfiguration("Neighbours", binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NeighbourOptions>, NeighbourOptionsValidator>();
        services.AddOptions<WcoOptions>().BindConfiguration("Wco");
        services.AddSingleton<INeighbourStore, SqlNeighbourStore>();
        services.AddSingleton<InboundDocuments>();
        services.AddSingleton<ExchangeDesk>();
        services.AddHostedService<LateVerdicts>();
        return services;
    }
}
