using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.ServiceModel;
using Adapter.Benchmarks.Peers;
using Adapter.Host.Delivery;
using Adapter.Host.Storage;

namespace Adapter.Benchmarks.Delivery;

/// <summary>One way to bring messages to a receiver, as a process of its own: some to warm up, then those that count.</summary>
internal static class Contestant
{
    public static IReadOnlyList<string> Names { get; } = ["http-client", "wcf-typed", "lanes-raw", "lanes-wcf", "lanes-raw-marked"];

    private const int InFlight = 32;

    /// <summary>Prints messages, seconds, CPU seconds, resident megabytes and milliseconds of one claim.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var (name, endpoint, folder) = (args[0], new Uri(args[1]), args[2]);
        var (warm, count, lanes) = (Number(args[3]), Number(args[4]), Number(args[5]));
        var measure = new Measure(warm, count);
        switch (name)
        {
            case "http-client":
                using (var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = InFlight }))
                {
                    await LoopAsync(measure, n => PostAsync(client, endpoint, n));
                }

                break;
            case "wcf-typed":
                var binding = new BasicHttpBinding { MaxReceivedMessageSize = 1024 * 1024 };
                using (var factory = new ChannelFactory<IManifestClient>(binding, new EndpointAddress(endpoint)))
                {
                    var channel = factory.CreateChannel();
                    await LoopAsync(measure, async n =>
                    {
                        var answer = await channel.NotifyAsync(new NotifyRequest { Notification = SealNotification.Of(n) });
                        if (answer.Receipt?.MessageId != Message.IdOf(n))
                        {
                            throw new InvalidOperationException("The receipt is for another message.");
                        }
                    });
                }

                break;
            default:
                await DeliverAsync(measure, name, endpoint, folder, lanes, args.Length > 6 ? TimeSpan.FromHours(Number(args[6])) : TimeSpan.FromSeconds(1), args.Length > 7 ? Number(args[7]) : warm + count);
                break;
        }

        Console.WriteLine(measure.Line());
        return 0;
    }

    private static async Task LoopAsync(Measure measure, Func<long, Task> send)
    {
        var next = 0L;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            for (long n; (n = Interlocked.Increment(ref next)) <= measure.All;)
            {
                await send(n);
                measure.Done();
            }
        })));
    }

    private static async Task PostAsync(HttpClient client, Uri endpoint, long n)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(Message.Envelope(n)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{Message.Action}\"");
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The product's lanes with all their bookkeeping: claim, send, judge, record.</summary>
    private static async Task DeliverAsync(Measure measure, string name, Uri endpoint, string folder, long lanes, TimeSpan dueOver, long backlog)
    {
        var receiver = endpoint.AbsoluteUri[..^"manifest".Length];
        await using var app = HostPeer.Build([folder, receiver], deciding: true, new Dictionary<string, string?>
        {
            ["Destinations:manifest:Transport"] = name.Contains("wcf", StringComparison.Ordinal) ? "Wcf" : "Raw",
            ["Destinations:manifest:Idempotent"] = name.EndsWith("marked", StringComparison.Ordinal) ? "false" : "true",
            ["Destinations:manifest:Concurrency"] = InFlight.ToString(CultureInfo.InvariantCulture),
        });
        await Backlog.FillAsync(app.Services.GetRequiredService<StoreWriter>(), backlog, lanes, dueOver, TimeProvider.System, CancellationToken.None);
        var store = app.Services.GetRequiredService<ILaneStore>();
        measure.Claim = await ClaimAsync(store);
        using var sink = new HttpClient { BaseAddress = new Uri(endpoint.GetLeftPart(UriPartial.Authority)) };
        var before = long.Parse(await sink.GetStringAsync(new Uri("/taken", UriKind.Relative)), CultureInfo.InvariantCulture);
        await app.StartAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (measure.Count < measure.All)
        {
            await timer.WaitForNextTickAsync();
            measure.Reached(long.Parse(await sink.GetStringAsync(new Uri("/taken", UriKind.Relative)), CultureInfo.InvariantCulture) - before);
        }

        await app.StopAsync();
    }

    /// <returns>Milliseconds of one look for due heads, the best of twenty.</returns>
    private static async Task<double> ClaimAsync(ILaneStore store)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await store.DueAsync("manifest", [], InFlight, CancellationToken.None);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return best;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Measure(long warm, long count)
    {
        private readonly Process _self = Process.GetCurrentProcess();
        private long _done;
        private long _started;
        private long _startedAt;
        private double _seconds;
        private double _measured;
        private TimeSpan _cpu;
        private TimeSpan _cpuUsed;

        public long All { get; } = warm + count;

        public double Claim { get; set; }

        public long Count => Volatile.Read(ref _done);

        public void Done()
        {
            var done = Interlocked.Increment(ref _done);
            if (done == warm || done == All)
            {
                Mark(done);
            }
        }

        public void Reached(long done)
        {
            Volatile.Write(ref _done, done);
            if ((done >= warm && _started == 0) || done >= All)
            {
                Mark(done);
            }
        }

        public string Line()
        {
            _self.Refresh();
            return string.Create(CultureInfo.InvariantCulture, $"{_measured:R} {_seconds:R} {_cpuUsed.TotalSeconds:R} {_self.WorkingSet64 / 1024.0 / 1024:R} {Claim:R}");
        }

        private void Mark(long done)
        {
            _self.Refresh();
            if (_started == 0)
            {
                (_started, _cpu, _startedAt) = (Stopwatch.GetTimestamp(), _self.TotalProcessorTime, done);
            }
            else
            {
                (_seconds, _cpuUsed, _measured) = (Stopwatch.GetElapsedTime(_started).TotalSeconds, _self.TotalProcessorTime - _cpu, done - _startedAt);
            }
        }
    }
}
