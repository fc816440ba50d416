using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Adapter.Benchmarks;

/// <summary>From the POST of an alarm to its recorded SOAP answer: the host beside a hand-written floor without features, in turn.</summary>
internal static class JourneyBench
{
    private static readonly string[] Names = ["floor", "host"];

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var figures = Names.ToDictionary(name => name, _ => (Rate: new Series(), Cpu: new Series(), Memory: new Series()));
        try
        {
            await using var sink = await PeerProcess.StartAsync("sink");
            for (var round = 0; round < rounds; round++)
            {
                foreach (var name in Names)
                {
                    var store = Directory.CreateDirectory(Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{name}-{round}")));
                    await using var peer = await PeerProcess.StartAsync(name, store.FullName, sink.Address.ToString());
                    string[] load = [$"{peer.Address}intake/jointech/alarm", "alarm", "64", "1"];
                    // The host has many methods to compile; before that is done the figure is the compiler's.
                    var warm = await PeerProcess.LoadAsync([.. load, "20", "0"]);
                    await DrainedAsync(name, store.FullName, warm.Events);

                    var (cpu, started) = (peer.CpuTime, Stopwatch.GetTimestamp());
                    var result = await PeerProcess.LoadAsync([.. load, "8", "1000000"]);
                    await DrainedAsync(name, store.FullName, warm.Events + result.Events);
                    var (rate, cpuTime, memory) = figures[name];
                    rate.Add(result.Events / Stopwatch.GetElapsedTime(started).TotalSeconds);
                    cpuTime.Add((peer.CpuTime - cpu).TotalMicroseconds / result.Events);
                    memory.Add(peer.ResidentMegabytes);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} round {round}: taken {result.Rate:0}/s, delivered {rate.Samples[^1]:0}/s"));
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.WriteLine("| peer | delivered and recorded/s | to floor | CPU us/event | to floor | resident MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var name in Names)
        {
            var (rate, cpu, memory) = figures[name];
            Console.WriteLine($"| {name} | {rate.Text("0")} | {Series.Ratio(rate, figures["floor"].Rate).Text("0.00")} | {cpu.Text("0")} | {Series.Ratio(cpu, figures["floor"].Cpu).Text("0.00")} | {memory.Text("0")} |");
        }

        return 0;
    }

    /// <summary>Ends when as many outcomes are recorded as events were taken.</summary>
    private static async Task DrainedAsync(string peer, string folder, long expected)
    {
        var (file, count) = peer == "floor" ? ("floor.db", "SELECT count(*) FROM outcomes") : ("store.db", "SELECT count(*) FROM attempts WHERE outcome = 'delivered'");
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, file)};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of two constants.
        command.CommandText = count;
#pragma warning restore CA2100
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((long)(await command.ExecuteScalarAsync(patience.Token))! < expected)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
