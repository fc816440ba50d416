using System.Net;
using System.Text;
using System.Text.Json;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Messages of which nobody but customs knows whether they took effect: where an operator finds them, what is known of each, and the three choices.</summary>
public sealed class ReconcileTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The manifest system as one that promises nothing about repeats and cannot be asked.</summary>
    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Destinations:manifest:Idempotent"] = "false" },
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("took-effect", "delivered", new[] { 1L, 2, 3, 4, 5 })]
    [InlineData("send-again", "delivered", new[] { 1L, 1, 2, 3, 4, 5 })]
    [InlineData("leave-out", "skipped", new[] { 1L, 2, 3, 4, 5 })]
    public async Task A_lost_answer_waits_with_its_evidence_until_a_person_has_chosen(string choice, string becomes, long[] arrives)
    {
        var id = await LoseTheFirstAnswerAsync();

        var letter = (await _host.GetAsync("/api/dead-letters")).EnumerateArray().ShouldHaveSingleItem();
        (letter.GetProperty("destination").GetString(), letter.GetProperty("state").GetString(), letter.GetProperty("lanes").GetInt64()).ShouldBe((TwinName.Manifest, "unknown", 1));
        var story = await _host.GetAsync($"/api/messages/{id}");
        story.GetProperty("inDoubt").GetBoolean().ShouldBeTrue();
        var attempt = story.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        attempt.GetProperty("outcome").GetString().ShouldBe("unknown");
        attempt.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("it may have acted on it");
        _host.Received(TwinName.Manifest).ShouldHaveSingleItem().MessageId.ShouldBe(id, "nothing is repeated on a guess");

        (await ReconcileAsync(choice, "customs looked it up")).ShouldBe(HttpStatusCode.NoContent);

        await Eventually.HoldsAsync(() => _host.Received(TwinName.Manifest).Count == arrives.Length, "the lane goes on");
        _host.Received(TwinName.Manifest).Select(r => r.Sequence!.Value).ShouldBe(arrives);
        await Eventually.GetAsync(() => _host.GetAsync($"/api/messages/{id}"), m => m.GetProperty("state").GetString() == becomes);
        _host.Received(TwinName.Manifest).Where(r => r.MessageId == id).Select(r => r.Sha256).Distinct().ShouldHaveSingleItem("the same bytes");
        (await _host.GetAsync("/api/audit")).EnumerateArray().ShouldContain(line =>
            line.GetProperty("action").GetString()!.StartsWith("lane.reconcile-", StringComparison.Ordinal) && line.GetProperty("detail").GetString() == "customs looked it up");
    }

    [Fact]
    public async Task A_choice_needs_a_reason_and_is_one_of_the_three_and_nothing_else_moves_the_lane()
    {
        var id = await LoseTheFirstAnswerAsync();

        (await ReconcileAsync("took-effect", "")).ShouldBe(HttpStatusCode.BadRequest);
        (await ReconcileAsync("perhaps", "customs looked it up")).ShouldBe(HttpStatusCode.BadRequest);
        foreach (var act in new[] { "replay", "skip", "repair" })
        {
            (await PostAsync($"/api/lanes/{act}", $$"""{"destination":"manifest","subject":"{{_load.Subject}}","message":"{{id}}","reason":"again"}""")).ShouldNotBe(HttpStatusCode.NoContent, act);
        }

        (await _host.GetAsync("/api/lanes?state=unknown")).EnumerateArray().ShouldHaveSingleItem().GetProperty("headMessage").GetString().ShouldBe(id);
        _host.Received(TwinName.Manifest).ShouldHaveSingleItem();
    }

    /// <returns>The message whose fate is unknown.</returns>
    private async Task<string> LoseTheFirstAnswerAsync()
    {
        _host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.AcceptThenSilent, Count = 1 });
        await _load.RunAsync(_host);
        var lanes = await Eventually.GetAsync(() => _host.GetAsync("/api/lanes?state=unknown"), lanes => lanes.GetArrayLength() == 1);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Transportation)), "others go on");
        return lanes[0].GetProperty("headMessage").GetString()!;
    }

    private Task<HttpStatusCode> ReconcileAsync(string choice, string reason) =>
        PostAsync("/api/lanes/reconcile", JsonSerializer.Serialize(new { destination = "manifest", subject = _load.Subject, choice, reason }));

    private async Task<HttpStatusCode> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _host.Customs.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        return answer.StatusCode;
    }
}
