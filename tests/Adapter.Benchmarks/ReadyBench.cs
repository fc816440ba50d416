using System.Diagnostics;

namespace Adapter.Benchmarks;

/// <summary>From the start of the process to the first 200 of <c>/health/ready</c>: the host with a new store, and with the one it made, beside a web application that does nothing.</summary>
internal static class ReadyBench
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var (trivial, first, again) = (new Series(), new Series(), new Series());
        try
        {
            for (var round = 0; round <= rounds; round++)
            {
                var store = folder.CreateSubdirectory($"round-{round}").FullName;
                var (a, b, c) = (await TimeAsync("trivial", store), await TimeAsync("host", store), await TimeAsync("host", store));
                if (round > 0)
                {
                    trivial.Add(a);
                    first.Add(b);
                    again.Add(c);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.WriteLine("| peer | ready after ms | to trivial |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (var (name, series) in new[] { ("trivial", trivial), ("host, new store", first), ("host, its store again", again) })
        {
            Console.WriteLine($"| {name} | {series.Text("0")} | {Series.Ratio(series, trivial).Text("0.00")} |");
        }

        return 0;
    }

    private static async Task<double> TimeAsync(string name, string store)
    {
        using var client = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        await using var peer = await PeerProcess.StartAsync(name, store);
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(peer.Address, "health/ready"));
            if (answer.IsSuccessStatusCode)
            {
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            await Task.Delay(Pause);
        }
    }
}
