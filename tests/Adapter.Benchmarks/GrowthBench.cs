using System.Diagnostics;
using System.Globalization;
using Adapter.Benchmarks.Peers;
using Adapter.Host.Journal;
using Adapter.Mappings.Telemetry;

namespace Adapter.Benchmarks;

/// <summary>Whether the journal slows down as it grows: a large one and an empty one take batches in turn.</summary>
internal static class GrowthBench
{
    private const int Batch = 256;
    private const int Rounds = 7;
    private const int BatchesPerRound = 200;

    /// <param name="millions">Rows in the large journal before the comparison, in millions.</param>
    public static async Task<int> RunAsync(int millions)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            await using var large = HostPeer.Build([folder.CreateSubdirectory("large").FullName], deciding: false);
            await using var empty = HostPeer.Build([folder.CreateSubdirectory("empty").FullName], deciding: false);
            var rows = new JournalRows(large.Services.GetRequiredService<TelemetryReader>());
            var (grown, fresh) = (large.Services.GetRequiredService<IJournal>(), empty.Services.GetRequiredService<IJournal>());
            for (var filled = 0L; filled < millions * 1_000_000L; filled += Batch)
            {
                await grown.AppendAsync(rows.Take(Batch), CancellationToken.None);
                if (filled / 500_000 != (filled + Batch) / 500_000)
                {
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(filled + Batch) / 1e6:0.0} million rows"));
                }
            }

            var (toGrown, toFresh) = (new Series(), new Series());
            for (var round = 0; round < Rounds; round++)
            {
                toFresh.Add(await RateAsync(fresh, rows));
                toGrown.Add(await RateAsync(grown, rows));
            }

            Console.WriteLine($"Journal appends/s in batches of {Batch}, median (least..most) of {Rounds} rounds in turn:");
            Console.WriteLine($"| empty | with {millions.ToString(CultureInfo.InvariantCulture)} million rows | ratio |");
            Console.WriteLine("| --- | --- | --- |");
            Console.WriteLine($"| {toFresh.Text("0")} | {toGrown.Text("0")} | {Series.Ratio(toGrown, toFresh).Text("0.00")} |");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> RateAsync(IJournal journal, JournalRows rows)
    {
        var spent = TimeSpan.Zero;
        for (var i = 0; i < BatchesPerRound; i++)
        {
            var batch = rows.Take(Batch);
            var begun = Stopwatch.GetTimestamp();
            await journal.AppendAsync(batch, CancellationToken.None);
            spent += Stopwatch.GetElapsedTime(begun);
        }

        return BatchesPerRound * Batch / spent.TotalSeconds;
    }
}
