using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>POST to commit: the host beside Kestrel that parses the same bodies and keeps nothing, in turn.</summary>
internal static class IngestBench
{
    private static readonly (int Connections, int Batch)[] Shapes = [(1, 1), (64, 1), (1, 100), (64, 100)];

    private static readonly string[] Names = ["parse-only", "intake", "host"];

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            Console.WriteLine("intake = the host without its processor; host = all of it, deciding while it takes. Rates in events/s, median (least..most) of " + rounds.ToString(CultureInfo.InvariantCulture) + " rounds in turn.");
            Console.WriteLine("| connections | events per POST | peer | events/s | to parse-only | CPU us/event | to parse-only | p50 ms | p99 ms |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            foreach (var (connections, batch) in Shapes)
            {
                await ShapeAsync(folder.FullName, connections, batch, rounds);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ShapeAsync(string folder, int connections, int batch, int rounds)
    {
        var figures = Names.ToDictionary(name => name, _ => (Rate: new Series(), Cpu: new Series(), P50: new Series(), P99: new Series()));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var name in Names)
            {
                var store = Directory.CreateDirectory(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{connections}-{batch}-{round}")));
                await using var peer = await PeerProcess.StartAsync(name, store.FullName);
                string[] load = [$"{peer.Address}intake/jointech/location", "position", Text(connections), Text(batch)];
                // Warm: code compiled, connections made, caches filled.
                await PeerProcess.LoadAsync([.. load, "8", "0"]);
                var before = peer.CpuTime;
                var result = await PeerProcess.LoadAsync([.. load, "6", "1500000"]);
                var (rate, cpu, p50, p99) = figures[name];
                rate.Add(result.Rate);
                cpu.Add((peer.CpuTime - before).TotalMicroseconds / result.Events);
                p50.Add(result.P50Milliseconds);
                p99.Add(result.P99Milliseconds);
            }
        }

        foreach (var name in Names)
        {
            var (rate, cpu, p50, p99) = figures[name];
            var (rateRatio, cpuRatio) = (Series.Ratio(rate, figures["parse-only"].Rate), Series.Ratio(cpu, figures["parse-only"].Cpu));
            Console.WriteLine($"| {connections} | {batch} | {name} | {rate.Text("0")} | {rateRatio.Text("0.00")} | {cpu.Text("0.0")} | {cpuRatio.Text("0.00")} | {p50.Text("0.0")} | {p99.Text("0.0")} |");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
