using System.Globalization;

namespace Adapter.Benchmarks.Delivery;

/// <summary>Messages per second and processor time per message, to a receiver that answers at once and to one that takes 200 ms.</summary>
internal static class DeliveryBench
{
    public static async Task<int> RunAsync(int rounds)
    {
        await using var sink = await PeerProcess.StartAsync("sink");
        foreach (var (path, warm, count) in new[] { ("manifest", 60_000L, 40_000L), ("slow/manifest", 320L, 1280L) })
        {
            var figures = Contestant.Names.ToDictionary(name => name, _ => (Rate: new Series(), Cpu: new Series(), Memory: new Series()));
            for (var round = 0; round < rounds; round++)
            {
                foreach (var name in Contestant.Names)
                {
                    var result = await ContestAsync(name, new Uri(sink.Address, path), warm, count, lanes: 500);
                    figures[name].Rate.Add(result.Rate);
                    figures[name].Cpu.Add(result.CpuMicroseconds);
                    figures[name].Memory.Add(result.Megabytes);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path} {name} round {round}: {result.Rate:0}/s, {result.CpuMicroseconds:0} us"));
                }
            }

            Console.WriteLine($"| {path} | messages/s | to http-client | CPU us/message | to wcf-typed | resident MB |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
            foreach (var (name, (rate, cpu, memory)) in figures)
            {
                Console.WriteLine(
                    $"| {name} | {rate.Text("0")} | {Series.Ratio(rate, figures["http-client"].Rate).Text("0.00")} | {cpu.Text("0")} | {Series.Ratio(cpu, figures["wcf-typed"].Cpu).Text("0.00")} | {memory.Text("0")} |");
            }
        }

        return 0;
    }

    /// <summary>The same drain behind a backlog: what a look for due heads costs, and how fast and how large it is.</summary>
    public static async Task<int> BacklogAsync(int messages)
    {
        await using var sink = await PeerProcess.StartAsync("sink");
        Console.WriteLine("| waiting | lanes | claim ms | messages/s | CPU us/message | resident MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        const long warm = 10_000, count = 40_000;
        foreach (var (waiting, lanes) in new[] { (warm + count, 1000L), (messages, 1000L), (warm + count, 1000L), (messages, 1000L) })
        {
            var result = await ContestAsync("lanes-raw", new Uri(sink.Address, "manifest"), warm, count, lanes, hours: 1, Math.Max(waiting, warm + count));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {waiting} | {lanes} | {result.ClaimMilliseconds:0.00} | {result.Rate:0} | {result.CpuMicroseconds:0} | {result.Megabytes:0} |"));
        }

        return 0;
    }

    /// <summary>A receiver comes back after a day: every lane has one message waiting, their times spread over the last hour.</summary>
    public static async Task<int> OutageAsync(int lanes)
    {
        await using var sink = await PeerProcess.StartAsync("sink");
        var result = await ContestAsync("lanes-raw", new Uri(sink.Address, "manifest"), 1, lanes - 1, lanes, hours: 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{lanes} lanes recovered in {result.Seconds:0.0} s: {result.Rate:0} messages/s, {result.CpuMicroseconds:0} us each, claim {result.ClaimMilliseconds:0.00} ms, {result.Megabytes:0} MB resident"));
        return 0;
    }

    private static async Task<Result> ContestAsync(string name, Uri endpoint, long warm, long count, long lanes, int hours = 0, long? backlog = null)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            using var process = PeerProcess.Start(
            [
                "contestant", name, endpoint.ToString(), folder.FullName,
                .. new[] { warm, count, lanes, hours, backlog ?? (warm + count) }.Select(n => n.ToString(CultureInfo.InvariantCulture)),
            ]);
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{name} failed: {output}");
            }

            var parts = output.Trim().Split('\n')[^1].Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToList();
            return new Result(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record Result(double Messages, double Seconds, double CpuSeconds, double Megabytes, double ClaimMilliseconds)
    {
        public double Rate => Messages / Seconds;

        public double CpuMicroseconds => CpuSeconds * 1e6 / Messages;
    }
}
