using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.EndToEnd;
using Adapter.Mappings.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A draft over a hundred thousand recorded messages: counted to the end, watched, stopped, and nothing of it kept in memory or sent.</summary>
[Collection(AloneRun.Name)]
[Trait("needs", "alone")]
public sealed class RehearsalLoadTests
{
    private const string Id = "manifest-notification";
    private const int Copies = 100_000;
    private const int Told = 5;

    /// <summary>Far below the 400 MB that the sources and messages have together.</summary>
    private const long MostKept = 64L * 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_thousand_messages_are_rehearsed_and_a_rehearsal_can_be_stopped()
    {
        await using var host = await TestHost.StartAsync();
        var load = new DemoLoad();
        await load.RunAsync(host);
        await Eventually.HoldsAsync(() => host.Received(TwinName.Manifest).Count >= Told, "the journey is told");
        (await CopyAsync(host)).ShouldBe(Copies);
        using var mapper = await host.ClientOfAsync("mapper-1", "mapper");
        var text = BuiltInDocuments.Text(Id).Replace("\"is\": \"journey.manifestNumber\"", "\"is\": \"concat('M-', journey.manifestNumber)\"", StringComparison.Ordinal);
        var document = JsonNode.Parse(text)!;
        document["examples"] = new JsonArray();
        await SendAsync(mapper, HttpMethod.Post, $"/api/mappings/{Id}/drafts", new JsonObject { ["document"] = document.ToJsonString(), ["reason"] = "test" }, HttpStatusCode.Created);
        var sent = host.Received(TwinName.Manifest).Count;

        // Stopped on the way: its progress was to be seen, and it has no report.
        var stopped = await StartAsync(mapper);
        var seen = await Eventually.GetAsync(() => FindAsync(mapper, stopped), r => r.GetProperty("done").GetInt64() > 1000, r => r.ToString());
        seen.GetProperty("total").GetInt64().ShouldBeGreaterThan(Copies);
        await SendAsync(mapper, HttpMethod.Delete, $"/api/rehearsals/{stopped}", null, HttpStatusCode.NoContent);
        var end = await FindAsync(mapper, stopped);
        (end.GetProperty("state").GetString(), end.GetProperty("done").GetInt64() < Copies).ShouldBe(("cancelled", true), end.ToString());

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var whole = await StartAsync(mapper);
        var done = await Eventually.GetAsync(() => FindAsync(mapper, whole), r => r.GetProperty("state").GetString() != "running", r => r.ToString(), TimeSpan.FromMinutes(5));

        done.GetProperty("state").GetString().ShouldBe("done", done.ToString());
        var report = done.GetProperty("report");
        report.GetProperty("messages").GetInt64().ShouldBe(done.GetProperty("total").GetInt64());
        report.GetProperty("changed").GetInt64().ShouldBe(report.GetProperty("messages").GetInt64());
        report.GetProperty("differences").GetArrayLength().ShouldBe(1, "a hundred thousand differences are one group");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostKept);
        host.Received(TwinName.Manifest).Count.ShouldBe(sent, "nothing is sent");
    }

    /// <summary>Copies the recorded messages under other ids and lanes, as if a hundred thousand had been sent.</summary>
    private static Task<int> CopyAsync(TestHost host) => host.Services.GetRequiredService<StoreWriter>().WriteAsync(
        WriteUrgency.Ordinary,
        session => session.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {Copies / Told})
            INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, settled_at, document, doc_version, source, soap, action, body, body_sha256)
            SELECT m.id || '-' || n, m.destination, m.subject || '#' || n, m.number, m.revision, m.decision_key, m.kind, m.occurred_at, m.created_at, m.entry, 'delivered', m.settled_at, m.document, m.doc_version,
                   m.source, m.soap, m.action, m.body, m.body_sha256
            FROM messages m, copies WHERE m.document = '{Id}'
            """)), Cancel);

    private static async Task<string> StartAsync(HttpClient mapper) =>
        (await SendAsync(mapper, HttpMethod.Post, $"/api/mappings/{Id}/versions/2/rehearsals", new JsonObject(), HttpStatusCode.Accepted)).GetProperty("id").GetString()!;

    private static Task<JsonElement> FindAsync(HttpClient mapper, string rehearsal) => SendAsync(mapper, HttpMethod.Get, $"/api/rehearsals/{rehearsal}", null, HttpStatusCode.OK);

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, JsonNode? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), null, "application/json");
        }

        using var response = await client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(expected, text);
        if (text.Length == 0)
        {
            return default;
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
