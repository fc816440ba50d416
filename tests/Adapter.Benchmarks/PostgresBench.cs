using System.Diagnostics;
using System.Globalization;
using Adapter.Benchmarks.Peers;
using Adapter.Host.Journal;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Adapter.Mappings.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Adapter.Benchmarks;

/// <summary>The store on PostgreSQL beside what Npgsql can do on the same cluster with a bare table: appending by unnest, and an outbox that is claimed and done in the ARRAY form.</summary>
/// <remarks>One caller; the host holds its lease, as it does in use. Making the rows is not timed.</remarks>
internal static class PostgresBench
{
    private const int Growth = 256;
    private const int GrowthRounds = 7;
    private const int BatchesPerRound = 100;

    private static readonly int[] Sizes = [16, 64, 256, 1024];
    private static readonly int[] ClaimSizes = [32, 256];
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(int rounds)
    {
        await using var cluster = PostgresCluster.FromEnvironment();
        await using var raw = await RawStore.OpenAsync(cluster.MakeDatabase());
        await using var host = await HostOnAsync(cluster);
        await IngestAsync(raw, host, rounds);
        await ClaimAsync(raw, host, rounds);
        return 0;
    }

    /// <param name="millions">Rows in the large journal before the comparison, in millions.</param>
    public static async Task<int> GrowthAsync(int millions)
    {
        await using var cluster = PostgresCluster.FromEnvironment();
        await using var large = await HostOnAsync(cluster);
        await using var empty = await HostOnAsync(cluster);
        var rows = new JournalRows(large.Services.GetRequiredService<TelemetryReader>());
        var (grown, fresh) = (large.Services.GetRequiredService<IJournal>(), empty.Services.GetRequiredService<IJournal>());
        for (var filled = 0L; filled < millions * 1_000_000L; filled += 1024)
        {
            await grown.AppendAsync(rows.Take(1024), CancellationToken.None);
            if (filled / 500_000 != (filled + 1024) / 500_000)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(filled + 1024) / 1e6:0.0} million rows"));
            }
        }

        var (toGrown, toFresh) = (new Series(), new Series());
        // The first round warms up and does not count.
        for (var round = 0; round <= GrowthRounds; round++)
        {
            var (first, second) = round == 0 ? (new Series(), new Series()) : (toFresh, toGrown);
            first.Add(await RateAsync(Growth, BatchesPerRound, rows.Take, batch => fresh.AppendAsync(batch, CancellationToken.None)));
            second.Add(await RateAsync(Growth, BatchesPerRound, rows.Take, batch => grown.AppendAsync(batch, CancellationToken.None)));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL, journal appends/s in batches of {Growth}, median (least..most) of {GrowthRounds} rounds in turn:"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| empty | with {millions} million rows | ratio |"));
        Console.WriteLine("| --- | --- | --- |");
        Console.WriteLine($"| {toFresh.Text("0")} | {toGrown.Text("0")} | {Series.Ratio(toGrown, toFresh).Text("0.00")} |");
        return 0;
    }

    private static async Task IngestAsync(RawStore raw, WebApplication host, int rounds)
    {
        var (journal, rows) = (host.Services.GetRequiredService<IJournal>(), new JournalRows(host.Services.GetRequiredService<TelemetryReader>()));
        Console.WriteLine("| rows per batch | unnest/s | journal/s | journal to unnest |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var size in Sizes)
        {
            var (toTable, toJournal) = (new Series(), new Series());
            for (var round = 0; round <= rounds; round++)
            {
                var (first, second) = round == 0 ? (new Series(), new Series()) : (toTable, toJournal);
                first.Add(await RateAsync(size, int.MaxValue, rows.Take, raw.AppendAsync));
                second.Add(await RateAsync(size, int.MaxValue, rows.Take, batch => journal.AppendAsync(batch, CancellationToken.None)));
            }

            Console.WriteLine($"| {size.ToString(CultureInfo.InvariantCulture)} | {toTable.Text("0")} | {toJournal.Text("0")} | {Series.Ratio(toJournal, toTable).Text("0.00")} |");
        }
    }

    private static async Task ClaimAsync(RawStore raw, WebApplication host, int rounds)
    {
        var (journal, processing) = (host.Services.GetRequiredService<IJournal>(), host.Services.GetRequiredService<IProcessingStore>());
        // What the ingest left behind is no part of this.
        while (await processing.ClaimAsync(10_000, CancellationToken.None) is { Count: > 0 } left)
        {
            await processing.SaveAsync(Decided(left), CancellationToken.None);
        }

        Console.WriteLine();
        Console.WriteLine("| entries per batch | ARRAY form/s | claim and decide/s | to the ARRAY form |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var size in ClaimSizes)
        {
            var (byTable, byStore) = (new Series(), new Series());
            for (var round = 0; round <= rounds; round++)
            {
                const int waiting = 8192;
                await raw.FillAsync(waiting);
                for (var filled = 0; filled < waiting; filled += 1024)
                {
                    await journal.AppendAsync([.. Enumerable.Range(0, 1024).Select(_ => Act())], CancellationToken.None);
                }

                var (first, second) = round == 0 ? (new Series(), new Series()) : (byTable, byStore);
                first.Add(await EmptyAsync(waiting, () => raw.ClaimAndDoAsync(size)));
                second.Add(await EmptyAsync(waiting, async () =>
                {
                    var entries = await processing.ClaimAsync(size, CancellationToken.None);
                    await processing.SaveAsync(Decided(entries), CancellationToken.None);
                    return entries.Count;
                }));
            }

            Console.WriteLine($"| {size.ToString(CultureInfo.InvariantCulture)} | {byTable.Text("0")} | {byStore.Text("0")} | {Series.Ratio(byStore, byTable).Text("0.00")} |");
        }
    }

    private static ProcessedBatch Decided(IReadOnlyList<JournalEntry> entries) => new([.. entries.Select(e => e.Position)], entries[0].ReceivedAt, [], [], [], [], []);

    private static ReceivedRecord Act() =>
        new(EntryKind.OperatorAct, "bench", "nothing", TimeProvider.System.GetUtcNow(), new byte[RawStore.BodyBytes], [], Identity: null, Quarantine: null);

    /// <summary>A host with a database of its own that holds its lease and does nothing by itself.</summary>
    private static async Task<WebApplication> HostOnAsync(PostgresCluster cluster)
    {
        var host = HostPeer.Build([Path.GetTempPath()], deciding: false, new Dictionary<string, string?>
        {
            ["Storage:Provider"] = "postgres",
            ["Storage:ConnectionString"] = cluster.MakeDatabase(),
        });
        _ = host.Services.GetRequiredService<StoreWriter>();
        await host.Services.GetRequiredService<PostgresLease>().StartingAsync(CancellationToken.None);
        return host;
    }

    private static async Task<double> RateAsync(int size, int batches, Func<int, ReceivedRecord[]> take, Func<ReceivedRecord[], Task> appendAsync)
    {
        var (appended, spent, start) = (0L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        for (var i = 0; i < batches && (batches != int.MaxValue || Stopwatch.GetElapsedTime(start) < Stretch); i++)
        {
            var batch = take(size);
            var begun = Stopwatch.GetTimestamp();
            await appendAsync(batch);
            spent += Stopwatch.GetElapsedTime(begun);
            appended += size;
        }

        return appended / spent.TotalSeconds;
    }

    private static async Task<double> EmptyAsync(int waiting, Func<Task<int>> stepAsync)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var done = 0; done < waiting;)
        {
            done += await stepAsync();
        }

        return waiting / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Two tables and the statements of the limit, prepared, on one connection.</summary>
    private sealed class RawStore : IAsyncDisposable
    {
        public const int BodyBytes = 1500;

        private const string Schema = """
            CREATE TABLE journal (id uuid PRIMARY KEY, source text NOT NULL, route text NOT NULL, received_at bigint NOT NULL, body bytea NOT NULL);
            CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state int NOT NULL, body bytea NOT NULL);
            CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 0;
            """;

        private readonly NpgsqlConnection _connection;

        private RawStore(NpgsqlConnection connection) => _connection = connection;

        public static async Task<RawStore> OpenAsync(string database)
        {
            var connection = new NpgsqlConnection(database + ";Max Auto Prepare=20;Auto Prepare Min Usages=2");
            await connection.OpenAsync();
            var raw = new RawStore(connection);
            await raw.ExecuteAsync(Schema);
            return raw;
        }

        public Task AppendAsync(ReceivedRecord[] batch) => ExecuteAsync(
            "INSERT INTO journal (id, source, route, received_at, body) SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            Of(batch, _ => Guid.NewGuid()), Of(batch, row => row.Source), Of(batch, row => row.Route), Of(batch, row => row.ReceivedAt.UtcTicks), Of(batch, row => row.Body.ToArray()));

        public Task FillAsync(int count) => ExecuteAsync("INSERT INTO outbox (state, body) SELECT 0, $1 FROM generate_series(1, $2)",
            new NpgsqlParameter { Value = new byte[BodyBytes] }, new NpgsqlParameter { Value = count, NpgsqlDbType = NpgsqlDbType.Integer });

        public async Task<int> ClaimAndDoAsync(int most)
        {
            var claimed = new List<long>();
            await using (var claim = new NpgsqlCommand(
                """
                UPDATE outbox SET state = 1 WHERE id = ANY (ARRAY(SELECT id FROM outbox WHERE state = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING id, body
                """, _connection))
            {
                claim.Parameters.Add(new NpgsqlParameter { Value = most });
                await using var reader = await claim.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    claimed.Add(reader.GetInt64(0));
                    _ = reader.GetFieldValue<byte[]>(1);
                }
            }

            await ExecuteAsync("UPDATE outbox SET state = 2 WHERE id = ANY ($1)", new NpgsqlParameter { Value = claimed.ToArray() });
            return claimed.Count;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();

        private static NpgsqlParameter Of<T>(ReceivedRecord[] batch, Func<ReceivedRecord, T> value) => new() { Value = batch.Select(value).ToArray() };

        private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
#pragma warning disable CA2100 // Constants of this class.
            await using var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync();
        }
    }
}
