using System.Globalization;
using Adapter.Benchmarks.Peers;

namespace Adapter.Benchmarks;

/// <summary>Registrations over SOAP: our endpoint beside one written by hand with the same validation and beside SoapCore, in turn; and the whole host with its store.</summary>
internal static class SoapBench
{
    private static readonly int[] Connections = [1, 16, 64];

    private const string WarmingCalls = "40000";
    private const string LongestWarming = "30";

    private static readonly string[] Names = ["soap-bare", "soap-ours", "soap-core", "soap-host"];

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            Console.WriteLine("soap-ours, soap-bare and soap-core keep nothing and answer a fixed receipt; soap-host is the product with its store. Median (least..most) of " + rounds.ToString(CultureInfo.InvariantCulture) + " rounds in turn.");
            Console.WriteLine("| connections | peer | registrations/s | to bare | CPU us/call | to bare | to SoapCore | p50 ms | p99 ms |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            foreach (var connections in Connections)
            {
                await ShapeAsync(folder.FullName, connections, rounds);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ShapeAsync(string folder, int connections, int rounds)
    {
        var figures = Names.ToDictionary(name => name, _ => (Rate: new Series(), Cpu: new Series(), P50: new Series(), P99: new Series()));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var name in Names)
            {
                var store = Directory.CreateDirectory(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{connections}-{round}")));
                await using var peer = await PeerProcess.StartAsync(name, store.FullName);
                string[] load = [$"{peer.Address}{SoapPeers.Path[1..]}", "registration", connections.ToString(CultureInfo.InvariantCulture), "1"];
                // Warm: code compiled, connections made, caches filled. By calls, because a slow machine makes fewer in a time; the host with its store has its time.
                await PeerProcess.LoadAsync([.. load, LongestWarming, "0", WarmingCalls]);
                var before = peer.CpuTime;
                var result = await PeerProcess.LoadAsync([.. load, "5", "5000000"]);
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
            var (rateRatio, cpuRatio, coreRatio) = (Series.Ratio(rate, figures["soap-bare"].Rate), Series.Ratio(cpu, figures["soap-bare"].Cpu), Series.Ratio(cpu, figures["soap-core"].Cpu));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {connections} | {name} | {rate.Text("0")} | {rateRatio.Text("0.00")} | {cpu.Text("0.0")} | {cpuRatio.Text("0.00")} | {coreRatio.Text("0.00")} | {p50.Text("0.0")} | {p99.Text("0.0")} |"));
        }
    }
}
