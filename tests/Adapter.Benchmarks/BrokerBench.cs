using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Adapter.Benchmarks.Load;
using Adapter.Benchmarks.Peers;
using Adapter.Host.Observability;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Benchmarks;

/// <summary>Reading a durable queue into the journal, each message settled after its commit, beside a bare receive loop of the same library that settles and keeps nothing.</summary>
internal static class BrokerBench
{
    private const int Messages = 20_000;
    private const int Credit = 200;
    private const int Window = 500;
    private const string Variable = "CUSTOMSTRANSIT_BROKER";
    private const string Queue = "/queue/customstransit-bench";

    public static async Task<int> RunAsync(int rounds)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: >= 16 } address)
        {
            Console.Error.WriteLine($"Set {Variable} to a broker that makes queues by itself: amqp://user:password@127.0.0.1:5672 of a RabbitMQ 3 with rabbitmq_amqp1_0.");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("bench-");
        try
        {
            var (bare, intake, host) = (new Series(), new Series(), new Series());
            // The first round warms up and does not count.
            for (var round = 0; round <= rounds; round++)
            {
                var rates = new[] { await BareAsync(address, round), await HostAsync(address, round, folder, deciding: false), await HostAsync(address, round, folder, deciding: true) };
                if (round > 0)
                {
                    bare.Add(rates[0]);
                    intake.Add(rates[1]);
                    host.Add(rates[2]);
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Messages} durable messages, credit {Credit}; messages/s, median (least..most) of {rounds} rounds in turn."));
            Console.WriteLine("| reader | messages/s | to the bare loop |");
            Console.WriteLine("| --- | --- | --- |");
            Console.WriteLine($"| bare loop | {bare.Text("0")} | |");
            Console.WriteLine($"| intake | {intake.Text("0")} | {Series.Ratio(intake, bare).Text("0.00")} |");
            Console.WriteLine($"| host | {host.Text("0")} | {Series.Ratio(host, bare).Text("0.00")} |");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> BareAsync(string address, int round)
    {
        await FillAsync(address, round);
        var connection = await new ConnectionFactory().CreateAsync(new Address(address));
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var read = 0;
        var started = Stopwatch.GetTimestamp();
        var receiver = new ReceiverLink(new Session(connection), "bare", Queue);
        receiver.Start(0, (link, message) =>
        {
            link.Accept(message);
            if (++read == Messages)
            {
                done.TrySetResult();
            }
        });
        // As the host renews it: RabbitMQ before 4.0 sends more than it is granted otherwise, and the library ends the link.
        receiver.SetCredit(Credit, CreditMode.Auto, flowThreshold: Credit);
        await done.Task;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await connection.CloseAsync();
        return Messages / seconds;
    }

    private static async Task<double> HostAsync(string address, int round, DirectoryInfo folder, bool deciding)
    {
        await FillAsync(address, round);
        var store = folder.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{deciding}-{round}"));
        await using var app = HostPeer.Build([store.FullName], deciding, new Dictionary<string, string?>
        {
            ["Ingest:Brokers:bench:Connection"] = $"env:{Variable}",
            ["Ingest:Brokers:bench:Queue"] = Queue,
            ["Ingest:Brokers:bench:Credit"] = Credit.ToString(CultureInfo.InvariantCulture),
        });
        var (settled, first) = (0L, 0L);
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        var scope = app.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == AdapterMetrics.BrokerMessagesName && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            // From the first settled message on: a start of the host is not what is measured.
            Interlocked.CompareExchange(ref first, Stopwatch.GetTimestamp(), 0);
            if (Interlocked.Add(ref settled, value) == Messages)
            {
                done.TrySetResult(Stopwatch.GetTimestamp());
            }
        });
        listener.Start();
        await app.StartAsync();
        var end = await done.Task;
        await app.StopAsync();
        return Messages / Stopwatch.GetElapsedTime(first, end).TotalSeconds;
    }

    private static async Task FillAsync(string address, int round)
    {
        var connection = await new ConnectionFactory().CreateAsync(new Address(address));
        var sender = new SenderLink(new Session(connection), "fill", Queue);
        var bodies = new Reports("position", connection: 0, first: round * Messages);
        using var window = new SemaphoreSlim(Window);
        for (var i = 0; i < Messages; i++)
        {
            await window.WaitAsync();
            var body = new byte[bodies.Length];
            bodies.Next(body);
            sender.Send(
                new Message { Header = new Header { Durable = true }, Properties = new Properties { ContentType = new Symbol("application/json") }, BodySection = new Data { Binary = body } },
                (_, _, _, _) => window.Release(), null);
        }

        for (var i = 0; i < Window; i++)
        {
            await window.WaitAsync();
        }

        await connection.CloseAsync();
    }
}
