using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Adapter.TestKit;

/// <summary>A host with one source of each kind, and a look behind what it answers.</summary>
internal sealed class DoorBench : IAsyncDisposable
{
    /// <summary>A source that signs, with two keys.</summary>
    public const string Signer = "signer";

    /// <summary>A source with API keys of the principals <c>keyed-a</c> and <c>keyed-b</c>.</summary>
    public const string Keyed = "keyed";

    /// <summary>A source with a secret header of its own and settings that a test adds.</summary>
    public const string Other = "other";

    public const string OtherHeader = "X-Other";
    public const string OtherSecret = "canary-secret-of-the-other-source";
    public const string Lock = "8022300001";

    /// <summary>Stands in bodies and must stand in no log.</summary>
    public const string Canary = "canary-payload";

    public static readonly string FirstKey = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("canary-signing-key-number-one-01"));
    public static readonly string SecondKey = "canary-signing-key-number-two";

    private readonly List<string> _secrets = [OtherSecret, FirstKey, SecondKey, TestHost.Secret, TestHost.NextSecret, Canary];

    static DoorBench()
    {
        Environment.SetEnvironmentVariable("CT_TEST_SIGNING_ONE", FirstKey);
        Environment.SetEnvironmentVariable("CT_TEST_SIGNING_TWO", SecondKey);
        Environment.SetEnvironmentVariable("CT_TEST_OTHER", OtherSecret);
    }

    private DoorBench(TestHost host) => Host = host;

    public TestHost Host { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<DoorBench> StartAsync(params (string Name, string Value)[] settings) => StartAsync(TestClock.Running(), withTwins: false, settings);

    public static async Task<DoorBench> StartAsync(TestClock clock, bool withTwins, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"Ingest:Sources:{Signer}:SigningKeys:0"] = "env:CT_TEST_SIGNING_ONE",
            [$"Ingest:Sources:{Signer}:SigningKeys:1"] = "env:CT_TEST_SIGNING_TWO",
            [$"Ingest:Sources:{Keyed}:Principals:0"] = "keyed-a",
            [$"Ingest:Sources:{Keyed}:Principals:1"] = "keyed-b",
            [$"Ingest:Sources:{Other}:Header"] = OtherHeader,
            [$"Ingest:Sources:{Other}:Secrets:0"] = "env:CT_TEST_OTHER",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new DoorBench(await TestHost.StartAsync(new TestHostOptions { WithTwins = withTwins, Clock = clock, Settings = all }));
    }

    /// <summary>A report that has never been sent, with the canary in it.</summary>
    public string Report(int secondsAgo = 0) =>
        JointReports.Position(Lock, Host.Clock.GetUtcNow().AddSeconds(-secondsAgo)).Replace("\"voltage\"", $"\"note\":\"{Canary}\", \"voltage\"", StringComparison.Ordinal);

    public HttpRequestMessage Request(string body, params (string Name, string Value)[] headers) =>
        Request(Encoding.UTF8.GetBytes(body), "application/json", headers);

    public HttpRequestMessage Request(byte[] body, string? contentType, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Host.Address, JointReports.Location)) { Content = new ByteArrayContent(body) };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>The headers of a signed request.</summary>
    public (string Name, string Value)[] Signed(string body, string id = "msg-1", DateTimeOffset? at = null, string? key = null, string? signature = null)
    {
        var timestamp = (at ?? Host.Clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature ?? Signature(body, id, timestamp, key ?? FirstKey))];
    }

    public static string Signature(string body, string id, string timestamp, string key)
    {
        var bytes = key.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(key["whsec_".Length..]) : Encoding.UTF8.GetBytes(key);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (var answer = await Host.Anonymous.SendAsync(request, Cancel))
        {
            return await Answer.OfAsync(answer);
        }
    }

    /// <summary>Pushes as the other source.</summary>
    public Task<Answer> PushAsync(string body) => SendAsync(Request(body, (OtherHeader, OtherSecret)));

    /// <summary>As <see cref="PushAsync"/>, and the body leaves only when the host asks for it: else an early refusal breaks the sending.</summary>
    public Task<Answer> PushWhenAskedAsync(string body)
    {
        var request = Request(body, (OtherHeader, OtherSecret));
        request.Headers.ExpectContinue = true;
        return SendAsync(request);
    }

    public Task<Answer> PushSignedAsync(string body, string id = "msg-1") => SendAsync(Request(body, Signed(body, id)));

    /// <summary>A key of the role <c>source</c>.</summary>
    public async Task<string> KeyOfAsync(string principal, string role = Roles.Source)
    {
        var key = (await Host.Services.GetRequiredService<IPrincipalStore>().AddAsync(principal, [role], new Actor("test"), Cancel)).ShouldNotBeNull();
        _secrets.Add(key);
        return key;
    }

    /// <summary>Opens a connection and sends these bytes; nothing more comes unless the test sends it.</summary>
    public async Task<RawConnection> ConnectAsync(string head)
    {
        var raw = await RawConnection.OpenAsync(Host.Address.Port);
        await raw.SendAsync(head);
        return raw;
    }

    /// <summary>The head of a request whose body is yet to come.</summary>
    public string Head(string more, string header = OtherHeader, string secret = OtherSecret) =>
        $"POST {JointReports.Location} HTTP/1.1\r\nHost: {Host.Address.Authority}\r\nContent-Type: application/json\r\n{header}: {secret}\r\n{more}\r\n\r\n";

    public async Task<IReadOnlyList<JsonElement>> GapsAsync(bool open = true)
    {
        var gaps = await Host.GetAsync($"/api/gaps?open={(open ? "true" : "false")}");
        return [.. gaps.EnumerateArray()];
    }

    /// <summary>The reasons of the open gaps of a source, once there are as many.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(string source, int count) =>
        [.. (await Eventually.GetAsync(GapsAsyncOpen, gaps => gaps.Count(g => g.GetProperty("source").GetString() == source) == count, gaps => string.Join('\n', gaps)))
            .Where(g => g.GetProperty("source").GetString() == source).Select(g => g.GetProperty("reason").GetString()!).Order(StringComparer.Ordinal)];

    public long Rows(string table, string where = "1")
    {
        using var connection = new SqliteConnection($"Data Source={Host.PathOf("store.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = $"SELECT count(*) FROM {table} WHERE {where}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What must hold after every attack: the process lives, others are served, and nothing that is secret stands in the log.</summary>
    public async Task AllIsWellAsync()
    {
        using var live = await Host.Anonymous.GetAsync(new Uri("/health/live", UriKind.Relative), Cancel);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var push = await Host.PushAsync(JointReports.Location, JointReports.Position("8022399999", Host.Clock.GetUtcNow()));
        push.StatusCode.ShouldBe(HttpStatusCode.OK);
        var log = Host.Log.Text;
        _secrets.ShouldAllBe(secret => !log.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private Task<IReadOnlyList<JsonElement>> GapsAsyncOpen() => GapsAsync();
}

/// <summary>An answer of the intake.</summary>
internal sealed record Answer(HttpStatusCode Status, string? Code, string? Detail, int Accepted, int Duplicate, IReadOnlyList<string> Quarantined, TimeSpan? RetryAfter)
{
    public (HttpStatusCode, int, int) Counts => (Status, Accepted, Duplicate);

    public static async Task<Answer> OfAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var after = answer.Headers.RetryAfter?.Delta;
        if (text.Length == 0)
        {
            return new Answer(answer.StatusCode, null, null, 0, 0, [], after);
        }

        using var json = JsonDocument.Parse(text);
        var body = json.RootElement;
        return answer.IsSuccessStatusCode
            ? new Answer(
                answer.StatusCode, null, null, body.GetProperty("accepted").GetInt32(), body.GetProperty("duplicate").GetInt32(),
                [.. body.GetProperty("quarantined").EnumerateArray().Select(q => q.GetProperty("reason").GetString()!)], after)
            : new Answer(
                answer.StatusCode, body.GetProperty("title").GetString(), body.TryGetProperty("detail", out var detail) ? detail.GetString() : null, 0, 0, [], after);
    }
}

/// <summary>Bytes to a socket and lines back.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.ASCII);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        return new RawConnection(client);
    }

    /// <returns>False when the other end has closed.</returns>
    public async Task<bool> SendAsync(string text)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task<string?> ReadLineAsync() => await _reader.ReadLineAsync(Cancel);

    /// <summary>All that comes until the other end closes.</summary>
    public async Task<string> ReadToEndAsync() => await _reader.ReadToEndAsync(Cancel);

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
