using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>The host's memory while events go through it, all of it running: taking and deciding.</summary>
internal static class MemoryBench
{
    private const int EventsPerLine = 100_000;

    /// <summary>Further apart than one connection's reports in one stretch, so that no report is a copy of an earlier one.</summary>
    private const int NumbersPerStretch = 40_000;

    public static async Task<int> RunAsync(int events)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            await using var host = await PeerProcess.StartAsync("host", folder.FullName);
            Console.WriteLine("| events | resident MB |");
            Console.WriteLine("| --- | --- |");
            var (taken, told, samples) = (0L, 0L, new List<double>());
            for (var stretch = 0; taken < events; stretch++)
            {
                taken += (await PeerProcess.LoadAsync(
                    $"{host.Address}intake/jointech/location", "position", "16", "100", "1", (stretch * NumbersPerStretch).ToString(CultureInfo.InvariantCulture))).Events;
                if (taken - told >= EventsPerLine)
                {
                    told = taken;
                    samples.Add(host.ResidentMegabytes);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {taken} | {samples[^1]:0} |"));
                }
            }

            // The first sample is taken while code is still being compiled and caches fill.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"last to second: {samples[^1] / samples[1]:0.00}; most to second: {samples.Skip(1).Max() / samples[1]:0.00}"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
