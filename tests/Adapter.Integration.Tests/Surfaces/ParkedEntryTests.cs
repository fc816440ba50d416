using System.Net;
using System.Text.Json;
using Adapter.Host.Admin;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>An entry that could not be processed is tried again once its cause is mended.</summary>
public sealed class ParkedEntryTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_parked_entry_is_processed_after_its_cause_was_mended_and_an_operator_asked_for_it()
    {
        await _load.RegisterAsync(_host);
        var sound = await DamageAsync();
        var alarm = await AlarmAsync();
        (await EntryAsync(alarm, "parked")).GetProperty("note").GetString().ShouldNotBeNull().ShouldContain("JsonException");
        _host.Received(TwinName.Manifest).ShouldBeEmpty();
        await RepairAsync(sound);
        using var viewer = await _host.ClientOfAsync("victor", Roles.Viewer);
        using var anna = await _host.ClientOfAsync("anna", Roles.Operator);

        (await RetryAsync(viewer, alarm)).ShouldBe(HttpStatusCode.Forbidden);
        (await EntryAsync(alarm, "parked")).GetProperty("position").GetInt64().ShouldBe(alarm);
        (await RetryAsync(anna, alarm)).ShouldBe(HttpStatusCode.Accepted);

        await EntryAsync(alarm, "processed");
        await Eventually.HoldsAsync(() => TwinName.All.All(twin => _host.Received(twin).Any(r => r is { Kind: "ROPE_CUT", Effect: 1 })), "the alarm is told at last");
        var line = (await _host.GetAsync("/api/audit")).EnumerateArray().Where(l => l.GetProperty("action").GetString() == "entry.retry").ShouldHaveSingleItem();
        (line.GetProperty("actor").GetString(), line.GetProperty("subject").GetString()).ShouldBe(("anna", alarm.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_entry_whose_cause_was_not_mended_is_parked_again_and_can_be_tried_again()
    {
        await _load.RegisterAsync(_host);
        var sound = await DamageAsync();
        var alarm = await AlarmAsync();
        await EntryAsync(alarm, "parked");

        (await RetryAsync(_host.Customs, alarm)).ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(() => Scalar("SELECT retry FROM parked_entries") == 0, "the entry was tried and is parked again");
        await EntryAsync(alarm, "parked");
        await RepairAsync(sound);
        (await RetryAsync(_host.Customs, alarm)).ShouldBe(HttpStatusCode.Accepted);

        await EntryAsync(alarm, "processed");
    }

    [Fact]
    public async Task Only_parked_entries_can_be_tried_again()
    {
        await _load.RegisterAsync(_host);
        await EntryAsync(1, "processed");

        (await RetryAsync(_host.Customs, 1)).ShouldBe(HttpStatusCode.NotFound);
        (await RetryAsync(_host.Customs, 4711)).ShouldBe(HttpStatusCode.NotFound);
        (await RetryAsync(_host.Anonymous, 1)).ShouldBe(HttpStatusCode.Unauthorized);
        (await _host.GetAsync("/api/audit")).EnumerateArray().ShouldNotContain(line => line.GetProperty("action").GetString() == "entry.retry");
    }

    private async Task<long> AlarmAsync()
    {
        using var push = await _host.PushAsync(JointReports.Alarm, JointReports.AlarmRow(_load.Registration.Locks[0].Lock.Value, 10, TimeProvider.System.GetUtcNow().AddMinutes(-3)));
        push.EnsureSuccessStatusCode();
        return Scalar("SELECT max(position) FROM journal");
    }

    /// <summary>The state of the journey becomes unreadable, as a fault of the disk or of a hand would make it.</summary>
    private async Task<byte[]> DamageAsync()
    {
        await Eventually.HoldsAsync(() => Scalar("SELECT count(*) FROM subjects WHERE kind = 'Journey'") == 1, "the registration is processed");
        byte[] sound;
        using (var session = _host.Services.GetRequiredService<SqliteDatabase>().OpenForReading())
        {
            sound = session.Scalar<byte[]>("SELECT state FROM subjects WHERE kind = 'Journey'")!;
        }

        await RepairAsync("{ torn"u8.ToArray());
        return sound;
    }

    private Task<int> RepairAsync(byte[] state) => _host.Services.GetRequiredService<StoreWriter>()
        .WriteAsync(WriteUrgency.Ordinary, session => session.Execute("UPDATE subjects SET state = ?1 WHERE kind = 'Journey'", state), Cancel);

    private long Scalar(string sql)
    {
        using var session = _host.Services.GetRequiredService<SqliteDatabase>().OpenForReading();
        return session.Scalar<long>(sql);
    }

    private Task<JsonElement> EntryAsync(long position, string state) =>
        Eventually.GetAsync(() => _host.GetAsync($"/api/journal/{position}"), entry => entry.GetProperty("state").GetString() == state, entry => entry.ToString());

    private static async Task<HttpStatusCode> RetryAsync(HttpClient client, long position)
    {
        using var answer = await client.PostAsync(new Uri($"/api/journal/{position}/retry", UriKind.Relative), content: null, Cancel);
        return answer.StatusCode;
    }
}
