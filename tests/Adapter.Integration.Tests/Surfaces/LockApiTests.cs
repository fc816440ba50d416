using System.Net;
using System.Text;
using System.Text.Json;
using Adapter.Host.Admin;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary><c>/api/locks</c>: sealed locks that move on no journey, over HTTP and through restarts.</summary>
public sealed class LockApiTests : IAsyncLifetime
{
    private const string Lock = "8022300088";

    private TestHost _host = null!;
    private DateTimeOffset _at;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        _at = _host.Clock.GetUtcNow().AddHours(-2);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_sealed_lock_that_moves_on_no_journey_is_listed_told_once_and_judged_also_over_restarts()
    {
        await MoveAsync(-4.04, -3.9);
        var finding = (await SuspiciousAsync(1)).ShouldHaveSingleItem().GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        Text(finding, "code").ShouldBe("movement.without-journey");
        await ToldAsync(1);

        await _host.RestartAsync();
        await MoveAsync(-3.8, -3.7);
        (await SuspiciousAsync(1)).ShouldHaveSingleItem();
        var key = Text(await OnlyFindingAsync(), "key");
        (await JudgeAsync(key, "Closed", "too early")).ShouldBe((HttpStatusCode.Conflict, "finding.not-possible"));
        (await JudgeAsync("no/such", "Confirmed", "?")).ShouldBe((HttpStatusCode.Conflict, "finding.unknown"));
        (await JudgeAsync(key, "Confirmed", " ")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await JudgeAsync(key, "Confirmed", "the patrol found it")).Status.ShouldBe(HttpStatusCode.OK);
        await ToldAsync(2);

        (await JudgeAsync(key, "Closed", "duty was paid")).Status.ShouldBe(HttpStatusCode.OK);
        await _host.RestartAsync();
        (await SuspiciousAsync(0)).ShouldBeEmpty();
        Text(await OnlyFindingAsync(), "state").ShouldBe("Closed");

        // Its closing is the third word; neither the restarts nor the other places made one.
        var told = await ToldAsync(3);
        told.Skip(1).ShouldAllBe(message => message.Xml.Contains($"corrects=\"{told[0].MessageId}\"", StringComparison.Ordinal));
        _host.Received(TwinName.Manifest).ShouldBeEmpty("it does not ask for unbound locks");
    }

    [Fact]
    public async Task A_journey_that_is_registered_later_explains_it_and_takes_it_back()
    {
        await MoveAsync(-4.04, -3.9);
        await ToldAsync(1);

        using var registered = await _host.PostAsync("/api/movements/register-movement", $$$"""
            {"movementId":"T-1","mrn":"26KE0MBA00482917J1","locks":[{"number":"{{{Lock}}}"}],"departure":{"code":"KEMBA001"},"destination":{"code":"UGMLB001"}}
            """);
        registered.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await SuspiciousAsync(0)).ShouldBeEmpty();
        Text(await OnlyFindingAsync(), "state").ShouldBe("Explained");
        (await ToldAsync(2))[1].Xml.ShouldContain("withdrawn=\"true\"");
    }

    [Fact]
    public async Task Who_may_only_read_cannot_judge_and_a_lock_that_nobody_knows_is_not_found()
    {
        await MoveAsync(-4.04, -3.9);
        (await SuspiciousAsync(1)).ShouldHaveSingleItem();
        using var viewer = await _host.ClientOfAsync("viewer", Roles.Viewer);

        using var seen = await viewer.GetAsync(new Uri($"/api/locks/{Lock}", UriKind.Relative), Cancel);
        using var judged = await viewer.PostAsync(new Uri($"/api/locks/{Lock}/findings/judge", UriKind.Relative), new StringContent("""{"finding":"x","verdict":"Confirmed","reason":"?"}""", Encoding.UTF8, "application/json"), Cancel);
        using var unknown = await viewer.GetAsync(new Uri("/api/locks/9999999999", UriKind.Relative), Cancel);
        using var stranger = await _host.Anonymous.GetAsync(new Uri("/api/locks", UriKind.Relative), Cancel);

        (seen.StatusCode, judged.StatusCode, unknown.StatusCode, stranger.StatusCode)
            .ShouldBe((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Sealed all the time, a few minutes apart.</summary>
    private async Task MoveAsync(params double[] latitudes)
    {
        foreach (var latitude in latitudes)
        {
            _at = _at.AddMinutes(5);
            using var answer = await _host.PushAsync(JointReports.Location, JointReports.Position(Lock, _at, latitude));
            answer.EnsureSuccessStatusCode();
        }
    }

    private Task<IReadOnlyList<JsonElement>> SuspiciousAsync(int count) => Eventually.GetAsync<IReadOnlyList<JsonElement>>(
        async () => [.. (await _host.GetAsync("/api/locks")).EnumerateArray()], locks => locks.Count == count, locks => $"{locks.Count} locks are suspicious");

    private async Task<JsonElement> OnlyFindingAsync() => (await _host.GetAsync($"/api/locks/{Lock}")).GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();

    /// <summary>What was told of the lock alone.</summary>
    private Task<List<TwinRecord>> ToldAsync(int count) => Eventually.GetAsync(
        () => Task.FromResult(_host.Received(TwinName.Transportation).Where(message => message.Kind == "UNAUTHORISED_TRIP").ToList()), told => told.Count == count, told => $"{told.Count} messages were told");

    private async Task<(HttpStatusCode Status, string? Code)> JudgeAsync(string finding, string verdict, string reason)
    {
        using var answer = await _host.PostAsync($"/api/locks/{Lock}/findings/judge", JsonSerializer.Serialize(new { finding, verdict, reason }));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return (answer.StatusCode, json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
