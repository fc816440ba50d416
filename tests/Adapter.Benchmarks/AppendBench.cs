using System.Diagnostics;
using System.Globalization;
using Adapter.Benchmarks.Peers;
using Adapter.Host.Journal;
using Adapter.Host.Storage;
using Adapter.Mappings.Telemetry;
using Microsoft.Data.Sqlite;

namespace Adapter.Benchmarks;

/// <summary>The journal's append beside two limits: the same bytes at the end of a file, and the same rows in SQLite without anything that looks for copies.</summary>
/// <remarks>One caller, one sync per batch: what differs is the work on the rows.</remarks>
internal static class AppendBench
{
    private static readonly int[] Sizes = [1, 16, 64, 256, 1024];
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            await using var host = HostPeer.Build([folder.FullName], deciding: false);
            var (journal, rows) = (host.Services.GetRequiredService<IJournal>(), new JournalRows(host.Services.GetRequiredService<TelemetryReader>()));
            await using var file = new FileStream(Path.Combine(folder.FullName, "append-only"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
            using var raw = new RawTable(Path.Combine(folder.FullName, "raw.db"));
            Console.WriteLine("| rows per batch | to a file/s | raw SQLite/s | journal/s | journal to file | journal to raw SQLite |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
            foreach (var size in Sizes)
            {
                var (toFile, toTable, toJournal) = (new Series(), new Series(), new Series());
                // The first round warms up and does not count.
                for (var round = 0; round <= rounds; round++)
                {
                    var series = round == 0 ? (new Series(), new Series(), new Series()) : (toFile, toTable, toJournal);
                    series.Item1.Add(await RateAsync(rows, size, batch => Append(file, batch)));
                    series.Item2.Add(await RateAsync(rows, size, raw.Append));
                    series.Item3.Add(await RateAsync(rows, size, batch => journal.AppendAsync(batch, CancellationToken.None)));
                }

                Console.WriteLine($"| {size.ToString(CultureInfo.InvariantCulture)} | {toFile.Text("0")} | {toTable.Text("0")} | {toJournal.Text("0")} | {Series.Ratio(toJournal, toFile).Text("0.00")} | {Series.Ratio(toJournal, toTable).Text("0.00")} |");
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Rows per second of appending alone: making the rows is not timed.</summary>
    private static async Task<double> RateAsync(JournalRows rows, int size, Func<ReceivedRecord[], Task> append)
    {
        var (appended, spent, start) = (0L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < Stretch)
        {
            var batch = rows.Take(size);
            var begun = Stopwatch.GetTimestamp();
            await append(batch);
            spent += Stopwatch.GetElapsedTime(begun);
            appended += size;
        }

        return appended / spent.TotalSeconds;
    }

    private static Task Append(FileStream file, ReceivedRecord[] batch)
    {
        using var bytes = new MemoryStream();
        foreach (var row in batch)
        {
            bytes.Write(BitConverter.GetBytes(row.Body.Length));
            bytes.Write(row.Body.Span);
        }

        file.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
        file.Flush(flushToDisk: true);
        return Task.CompletedTask;
    }

    /// <summary>One table, one insert per row, one commit per batch, with the journal's own settings for durability.</summary>
    private sealed class RawTable : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _begin;
        private readonly SqliteStatement _insert;
        private readonly SqliteStatement _commit;

        public RawTable(string path)
        {
            _connection = new SqliteConnection($"Data Source={path};Pooling=false");
            _connection.Open();
            foreach (var sql in (string[])["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE journal (position INTEGER PRIMARY KEY, source TEXT NOT NULL, route TEXT NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT"])
            {
                using var statement = new SqliteStatement(_connection.Handle!, sql);
                statement.Execute([]);
            }

            _begin = new SqliteStatement(_connection.Handle!, "BEGIN IMMEDIATE");
            _insert = new SqliteStatement(_connection.Handle!, "INSERT INTO journal (source, route, received_at, body) VALUES (?1, ?2, ?3, ?4)");
            _commit = new SqliteStatement(_connection.Handle!, "COMMIT");
        }

        public Task Append(ReceivedRecord[] batch)
        {
            _begin.Execute([]);
            foreach (var row in batch)
            {
                _insert.Execute([row.Source, row.Route, row.ReceivedAt.UtcTicks, row.Body]);
            }

            _commit.Execute([]);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            _begin.Dispose();
            _insert.Dispose();
            _commit.Dispose();
            _connection.Dispose();
        }
    }
}
