using Adapter.Host;
using Adapter.Host.Processing;

namespace Adapter.Benchmarks.Peers;

/// <summary>The product itself, with one source and, where an address is given, one idempotent destination.</summary>
internal static class HostPeer
{
    public const string SecretHeader = "X-CustomsTransit-Secret";
    public const string Secret = "the-secret-of-the-bench";

    /// <param name="deciding">False leaves out the processor: what intake alone costs.</param>
    /// <param name="more">Settings over these.</param>
    public static WebApplication Build(string[] args, bool deciding, IReadOnlyDictionary<string, string?>? more = null)
    {
        var (folder, destination) = (args[0], args.ElementAtOrDefault(1));
        Environment.SetEnvironmentVariable("BENCH_SECRET", Secret);
        var settings = new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = $"Data Source={Path.Combine(folder, "store.db")}",
            ["Ingest:Sources:jointcloud:Secrets:0"] = "env:BENCH_SECRET",
            ["Outbound:AllowLoopback"] = "true",
        };
        if (destination is not null)
        {
            const string prefix = "Destinations:manifest:";
            settings[prefix + "Endpoint"] = destination + "manifest";
            settings[prefix + "Action"] = "urn:customstransit:manifest:1/NotifySealEvent";
            settings[prefix + "Document"] = "manifest-notification";
            settings[prefix + "Idempotent"] = "true";
            settings[prefix + "ReceivesUnboundLocks"] = "true";
            settings[prefix + "Concurrency"] = "32";
            settings[prefix + "Reply:Root"] = "{urn:customstransit:manifest:1}NotificationReceipt";
            settings[prefix + "Reply:Id"] = "MessageId";
            settings[prefix + "Reply:Code"] = "Result";
            settings[prefix + "Reply:Accepted:0"] = "ACCEPTED";
        }

        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        return AdapterHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            if (!deciding)
            {
                builder.Host.UseServiceProviderFactory(new Without<TransitWorker>());
            }
        });
    }
}

/// <summary>Takes one background service out when all registrations are made.</summary>
internal sealed class Without<TService> : IServiceProviderFactory<IServiceCollection>
{
    public IServiceCollection CreateBuilder(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(TService)));
        return services;
    }

    public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();
}
