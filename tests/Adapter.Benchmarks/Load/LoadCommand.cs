using System.Diagnostics;
using System.Globalization;

namespace Adapter.Benchmarks.Load;

/// <summary><c>load ADDRESS KIND CONNECTIONS BATCH SECONDS FIRST [MOST]</c>: as many requests as the peer answers, or so many in all where that is reached before.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var address, var kind, var connections, var batch, var seconds, var first, .. { Length: <= 1 } rest])
        {
            return 1;
        }

        var count = int.Parse(connections, CultureInfo.InvariantCulture);
        var perRequest = int.Parse(batch, CultureInfo.InvariantCulture);
        var start = Stopwatch.GetTimestamp();
        var until = start + (long)(double.Parse(seconds, CultureInfo.InvariantCulture) * Stopwatch.Frequency);
        var lanes = Enumerable.Range(0, count)
            .Select(i => new LoadConnection(new Uri(address), kind, i, perRequest, int.Parse(first, CultureInfo.InvariantCulture))).ToList();
        var each = rest is [var most] ? int.Parse(most, CultureInfo.InvariantCulture) / count : int.MaxValue;
        await Task.WhenAll(lanes.Select(lane => Task.Run(() => lane.RunAsync(until, each))));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var latencies = lanes.SelectMany(lane => lane.Latencies).Order().ToList();
        double At(double share) => latencies.Count == 0 ? 0 : latencies[(int)((latencies.Count - 1) * share)] * 1000.0 / Stopwatch.Frequency;
        Console.WriteLine(new LoadResult(lanes.Sum(lane => lane.Answered) * perRequest, elapsed, At(0.5), At(0.99), lanes.Sum(lane => lane.Errors)));
        return 0;
    }
}
