using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Adapter.Benchmarks.Peers;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Adapter.Mappings.Telemetry;
using Microsoft.Data.Sqlite;

namespace Adapter.Benchmarks;

/// <summary>From the journal on, without HTTP: reports of many locks, of which some are on open journeys, go through the whole flow; beside raw SQLite that writes as many states of the same size.</summary>
/// <remarks>Journeys are opened by the flow once and copied in the store, so that a hundred thousand are there in seconds. What is timed is the flow alone: the journal is filled before.</remarks>
internal static class ProcessBench
{
    private const int Locks = 100_000;
    private const int OpenJourneys = 20_000;
    private const int Reports = 20_000;
    private const int Batch = 256;
    private const long FirstLock = 2_000_000_000;
    private static readonly TelemetryRoute Route = new("jointcloud", ReportRoute.Location, CodeSpace: null);

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            await SpreadAsync(folder.CreateSubdirectory("spread").FullName, rounds);
            await FlatAsync(folder, rounds);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SpreadAsync(string folder, int rounds)
    {
        await using var stage = await Stage.OpenAsync(folder, OpenJourneys);
        using var raw = new RawStates(Path.Combine(folder, "raw.db"), stage.StateBytes);
        var (flow, table) = (new Series(), new Series());
        // The first round warms up and does not count.
        for (var round = 0; round <= rounds; round++)
        {
            await stage.ReceiveAsync(Reports, n => (n * 7_919L) % Locks);
            var (rate, least) = (await stage.ProcessAsync(), raw.Write(Reports, n => (n * 7_919L) % Locks));
            if (round > 0)
            {
                flow.Add(rate);
                table.Add(least);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Locks} locks, {OpenJourneys} open journeys, states of {stage.StateBytes} bytes, batches of {Batch}, median (least..most) of {rounds} rounds in turn:"));
        Console.WriteLine("| flow, events/s | raw SQLite, states/s | ratio | managed MB | resident MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        Console.WriteLine($"| {flow.Text("0")} | {table.Text("0")} | {Series.Ratio(flow, table).Text("0.00")} | {Megabytes(GC.GetTotalMemory(forceFullCollection: true))} | {Megabytes(Environment.WorkingSet)} |");

        // One lock empties its memory: each report refolds the same journey.
        var burst = await stage.ReceiveAsync(Reports, _ => 1, everySeconds: 10);
        var begun = Stopwatch.GetTimestamp();
        await stage.ProcessAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A late burst of {burst} reports of one lock: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s, resident {Megabytes(Environment.WorkingSet)} MB."));
        Console.WriteLine();
    }

    /// <summary>The same ten locks report into stores that hold more and more open journeys.</summary>
    private static async Task FlatAsync(DirectoryInfo folder, int rounds)
    {
        int[] sizes = [10, OpenJourneys, Locks];
        var stages = new List<Stage>();
        foreach (var size in sizes)
        {
            stages.Add(await Stage.OpenAsync(folder.CreateSubdirectory(size.ToString(CultureInfo.InvariantCulture)).FullName, size));
        }

        var rates = sizes.Select(_ => new Series()).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < stages.Count; i++)
            {
                await stages[i].ReceiveAsync(Reports / 4, n => n % 10);
                var rate = await stages[i].ProcessAsync();
                if (round > 0)
                {
                    rates[i].Add(rate);
                }
            }
        }

        Console.WriteLine("| open journeys in the store | events/s of the same ten locks | to the smallest store |");
        Console.WriteLine("| --- | --- | --- |");
        for (var i = 0; i < sizes.Length; i++)
        {
            Console.WriteLine($"| {sizes[i].ToString(CultureInfo.InvariantCulture)} | {rates[i].Text("0")} | {Series.Ratio(rates[i], rates[0]).Text("0.00")} |");
            await stages[i].DisposeAsync();
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1_048_576).ToString(CultureInfo.InvariantCulture);

    /// <summary>A host without its processor, and a store with open journeys in it.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly WebApplication _host;
        private readonly IJournal _journal;
        private readonly TelemetryReader _reader;
        private readonly TransitFlow _flow;
        private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-3);
        private long _next;

        private Stage(WebApplication host)
        {
            _host = host;
            (_journal, _reader, _flow) = (host.Services.GetRequiredService<IJournal>(), host.Services.GetRequiredService<TelemetryReader>(), host.Services.GetRequiredService<TransitFlow>());
        }

        public int StateBytes { get; private set; }

        public static async Task<Stage> OpenAsync(string folder, int journeys)
        {
            var stage = new Stage(HostPeer.Build([folder], deciding: false));
            await stage.SeedAsync(Path.Combine(folder, "store.db"), journeys);
            return stage;
        }

        /// <summary>Appends reports that wait for the processor: lock number of the n-th, each later than the one before it.</summary>
        public async Task<int> ReceiveAsync(int count, Func<long, long> lockOf, double everySeconds = 1)
        {
            for (var done = 0; done < count; done += Batch)
            {
                await _journal.AppendAsync([.. Enumerable.Range(0, Math.Min(Batch, count - done)).Select(_ => Report(lockOf(_next), everySeconds))], CancellationToken.None);
            }

            return count;
        }

        /// <returns>Events per second.</returns>
        public async Task<double> ProcessAsync()
        {
            var (processed, begun) = (0L, Stopwatch.GetTimestamp());
            for (var taken = await _flow.RunAsync(CancellationToken.None); taken > 0; taken = await _flow.RunAsync(CancellationToken.None))
            {
                processed += taken;
            }

            return processed / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }

        public ValueTask DisposeAsync() => _host.DisposeAsync();

        /// <summary>One journey goes through the flow: registered, sealed, an hour on the road. The others are copies of its rows under numbers of their own.</summary>
        private async Task SeedAsync(string database, int journeys)
        {
            var registration = new JourneyRegistration
            {
                JourneyId = "B-0000000",
                Mrn = "26KE0MBA00482917J1",
                Locks = [new LockAssignment(LockId.Parse(FirstLock.ToString(CultureInfo.InvariantCulture)), Container: null, _from)],
                Departure = new Office("KEMBA001", "Mombasa", "KE", new GeoPoint(-4.037, 39.631)),
                Destination = new Office("UGMLB001", "Malaba", "UG", new GeoPoint(0.642, 34.264)),
            };
            await _journal.AppendAsync(
                [new ReceivedRecord(EntryKind.Registration, "bench", Operations.RegisterJourney, _from, JsonSerializer.SerializeToUtf8Bytes(registration, JourneyJson.Default.JourneyRegistration), [], Identity: null, Quarantine: null)],
                CancellationToken.None);
            await ReceiveAsync(60, _ => 0, everySeconds: 60);
            await ProcessAsync();
            await using var connection = new SqliteConnection($"Data Source={database};Pooling=false");
            await connection.OpenAsync();
            await using var size = connection.CreateCommand();
            size.CommandText = "SELECT length(state) FROM subjects WHERE subject = 'journey:B-0000000'";
            StateBytes = (int)(long)(await size.ExecuteScalarAsync())!;
            await using var copy = connection.CreateCommand();
            copy.CommandText = $"""
                INSERT INTO subjects (subject, kind, version, status, mrn, manifest_number, updated_at, state)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $journeys)
                SELECT printf('journey:B-%07d', i), kind, version, status, mrn, manifest_number, updated_at,
                       CAST(replace(replace(CAST(state AS TEXT), 'B-0000000', printf('B-%07d', i)), '{FirstLock}', printf('%010d', {FirstLock} + i)) AS BLOB)
                FROM n, subjects WHERE subject = 'journey:B-0000000';
                INSERT INTO bindings (lock, starts_at, ends_at, journey_id, container)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $journeys)
                SELECT printf('%010d', {FirstLock} + i), starts_at, ends_at, printf('B-%07d', i), container FROM n, bindings WHERE journey_id = 'B-0000000';
                """;
            copy.Parameters.AddWithValue("$journeys", journeys);
            await copy.ExecuteNonQueryAsync();
        }

        private ReceivedRecord Report(long number, double everySeconds)
        {
            var n = _next++;
            var at = _from.AddSeconds(60 + (n * everySeconds)).UtcDateTime;
            var body = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $$"""{"assetId":"{{FirstLock + number:0000000000}}","longitude":{{39.0 - (n % 40_000 * 1e-4):0.00000}},"latitude":{{-3.5 + (n % 40_000 * 1e-4):0.00000}},"speed":42,"direction":90,"mileage":16,"gpsTime":"{{at:yyyy-MM-dd'T'HH:mm:ss}}Z","recvTime":"{{at:yyyy-MM-dd'T'HH:mm:ss}}.964Z","locType":1,"cellSignal":19,"gnssSignal":6,"cells":"460,0,9383,220792647","battery":100,"voltage":"0.0","statusJson":"{\"lockBar\":-1,\"lockRope\":0,\"lockStatus\":0}"}"""));
            var receivedAt = TimeProvider.System.GetUtcNow();
            var read = (ReadElement.Read)_reader.Identify(Route, JsonElements.Cut(body, 1)![0], receivedAt);
            return new ReceivedRecord(EntryKind.Telemetry, Route.Source, ReportRoutes.Stored(Route), receivedAt, read.Body, read.Elided, read.Identity, Quarantine: null);
        }
    }

    /// <summary>One state written per lock and batch, one commit per batch, with the store's own settings for durability.</summary>
    private sealed class RawStates : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _begin;
        private readonly SqliteStatement _write;
        private readonly SqliteStatement _commit;
        private readonly byte[] _state;
        private long _next;

        public RawStates(string path, int stateBytes)
        {
            _state = new byte[stateBytes];
            System.Security.Cryptography.RandomNumberGenerator.Fill(_state);
            _connection = new SqliteConnection($"Data Source={path};Pooling=false");
            _connection.Open();
            foreach (var sql in (string[])["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 8000", "CREATE TABLE subjects (subject TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) STRICT, WITHOUT ROWID"])
            {
                using var statement = new SqliteStatement(_connection.Handle!, sql);
                statement.Execute([]);
            }

            _begin = new SqliteStatement(_connection.Handle!, "BEGIN IMMEDIATE");
            _write = new SqliteStatement(_connection.Handle!, "INSERT INTO subjects (subject, version, state) VALUES (?1, 1, ?2) ON CONFLICT (subject) DO UPDATE SET version = version + 1, state = excluded.state");
            _commit = new SqliteStatement(_connection.Handle!, "COMMIT");
        }

        /// <returns>States per second.</returns>
        public double Write(int count, Func<long, long> lockOf)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var done = 0; done < count; done += Batch)
            {
                _begin.Execute([]);
                for (var i = 0; i < Math.Min(Batch, count - done); i++)
                {
                    _write.Execute([$"lock:{FirstLock + lockOf(_next++)}", (ReadOnlyMemory<byte>)_state]);
                }

                _commit.Execute([]);
            }

            return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }

        public void Dispose()
        {
            _begin.Dispose();
            _write.Dispose();
            _commit.Dispose();
            _connection.Dispose();
        }
    }
}
