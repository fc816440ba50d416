using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Several journeys at once, each with a lock of its own, sent by senders that repeat what was not answered 200.</summary>
internal sealed class CrashLoad
{
    /// <summary>A lock of no journey; the doomed host is told not to be able to read its reports.</summary>
    public const string StrayLock = "8022399999";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<Script> _scripts = [];
    private readonly ConcurrentQueue<string> _unanswered = new();
    private int _answered;

    /// <param name="name">Part of every number, so that several loads can share their receivers: letters and digits.</param>
    /// <param name="poisoned">So many of them have no MRN, without which the neighbour's messages cannot be made: each parks one lane for good.</param>
    public CrashLoad(string name, int journeys, int poisoned = 0)
    {
        Poisoned = poisoned;
        var now = TimeProvider.System.GetUtcNow();
        var demo = DemoJourney.Load();
        var start = DemoJourney.StartFor(now, TimeSpan.FromMinutes(5));
        var registration = JsonSerializer.Serialize(demo.Registration(start), JsonSerializerOptions.Web);
        // Every third of the long road's positions: what is told does not hang on the others.
        var pushes = demo.Telemetry(start).Where((push, i) => i % 3 == 0 || !push.Label.StartsWith("on the road", StringComparison.Ordinal)).ToList();
        for (var n = 1; n <= journeys; n++)
        {
            var (mrn, suffix, lockNumber) = ($"26KE{name.ToUpperInvariant()}{n:00}", $"-{name}-{n:00}", $"80223001{n:00}");
            string Own(string json) => json
                .Replace("NC-2026-000417", "NC-2026-000417" + suffix, StringComparison.Ordinal)
                .Replace("26KE0MBA00482917J1", mrn, StringComparison.Ordinal)
                .Replace("8022300001", lockNumber, StringComparison.Ordinal)
                // A row's own id was made from the number of the demo's lock.
                .Replace("\"FGUID\":\"", $"\"FGUID\":\"{n:00}", StringComparison.Ordinal);
            _scripts.Add(new Script(mrn, n <= poisoned ? WithoutMrn(Own(registration)) : Own(registration), [.. pushes.Select(push => new Push(push.Path, Own(push.Json)))]));
        }

        Stray = new Push(DemoJourney.LocationPath, JointReports.Position(StrayLock, now.AddMinutes(-4)));
    }

    /// <summary>What each receiver must have been told, by MRN.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Expected => _scripts.Skip(Poisoned).ToDictionary(s => s.Mrn, _ => DemoJourney.ExpectedKinds, StringComparer.Ordinal);

    public int Journeys => _scripts.Count;

    /// <summary>How many of them cannot be told to the neighbour.</summary>
    public int Poisoned { get; }

    /// <summary>All that is to be answered 200: pushes and registrations.</summary>
    public int Requests => _scripts.Sum(s => s.Pushes.Count + 1);

    /// <summary>As many of them as are sent before the load may end.</summary>
    public int RequestsBeforeTheEnd => Requests - Journeys;

    /// <summary>How many were.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Requests that got another answer than 200, or none; what was sent again.</summary>
    public IReadOnlyCollection<string> Unanswered => _unanswered;

    /// <summary>A report of <see cref="StrayLock"/>.</summary>
    public Push Stray { get; }

    /// <summary>Sends everything, the journeys side by side, each in its own order; ends when all of it was answered 200.</summary>
    /// <param name="host">Where the host is now; null while it is not there.</param>
    /// <param name="mayEnd">Every journey keeps its last push back until then, so that a fast host cannot be through with the load before it dies.</param>
    public Task SendAsync(Func<Uri?> host, AuthenticationHeaderValue customs, string secret, Task mayEnd) => Task.WhenAll(_scripts.Select(async script =>
    {
        using var client = Client(customs, secret);
        await SendAsync(client, host, new Push("/api/journeys", script.Registration));
        foreach (var push in script.Pushes.SkipLast(1))
        {
            await SendAsync(client, host, push);
        }

        await mayEnd.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await SendAsync(client, host, script.Pushes[^1]);
    }));

    public async Task SendStrayAsync(Func<Uri?> host, AuthenticationHeaderValue customs, string secret)
    {
        using var client = Client(customs, secret);
        await UntilAnsweredAsync(client, host, Stray);
    }

    /// <summary>Sends all telemetry once more. What was answered 200 is on disk, so every record must be a copy.</summary>
    /// <returns>How many were not: records that the host had accepted and lost.</returns>
    public async Task<int> CountLostAsync(Uri host, AuthenticationHeaderValue customs, string secret)
    {
        using var client = Client(customs, secret);
        var lost = 0;
        foreach (var route in _scripts.SelectMany(s => s.Pushes).GroupBy(push => push.Path, StringComparer.Ordinal))
        {
            var records = route.Select(push => push.Json.TrimStart().StartsWith('[') ? push.Json.Trim()[1..^1] : push.Json).ToList();
            foreach (var part in records.Chunk(100))
            {
                using var content = Content($"[{string.Join(',', part)}]");
                using var answer = await client.PostAsync(new Uri(host, route.Key), content, TestContext.Current.CancellationToken);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                lost += json.RootElement.GetProperty("accepted").GetInt32() + json.RootElement.GetProperty("quarantined").GetArrayLength();
            }
        }

        return lost;
    }

    private async Task SendAsync(HttpClient client, Func<Uri?> host, Push push)
    {
        await UntilAnsweredAsync(client, host, push);
        Interlocked.Increment(ref _answered);
    }

    private Task<string?> UntilAnsweredAsync(HttpClient client, Func<Uri?> host, Push push) => Eventually.GetAsync(
        async () => host() is { } address ? await TryAsync(client, address, push) : "there is no host", problem => problem is null, problem => $"{push.Path}: {problem}", Patience);

    /// <returns>Null for 200 and 202, otherwise what came instead.</returns>
    private async Task<string?> TryAsync(HttpClient client, Uri host, Push push)
    {
        string problem;
        try
        {
            using var content = Content(push.Json);
            using var answer = await client.PostAsync(new Uri(host, push.Path), content, TestContext.Current.CancellationToken);
            // 202: it is on disk and will be processed; a sender that repeats it would only slow that down.
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                return null;
            }

            problem = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
        }
        catch (Exception gone) when (gone is HttpRequestException || (gone is TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
        {
            problem = gone.Message;
        }

        _unanswered.Enqueue($"{push.Path}: {problem}");
        return problem;
    }

    private static string WithoutMrn(string registration)
    {
        var json = JsonNode.Parse(registration)!.AsObject();
        json["mrn"] = null;
        return json.ToJsonString();
    }

    private static HttpClient Client(AuthenticationHeaderValue customs, string secret)
    {
        var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = customs;
        client.DefaultRequestHeaders.Add(TestHost.SecretHeader, secret);
        return client;
    }

    private static StringContent Content(string json) => new(json, Encoding.UTF8, "application/json");

    internal sealed record Push(string Path, string Json);

    private sealed record Script(string Mrn, string Registration, IReadOnlyList<Push> Pushes);
}
