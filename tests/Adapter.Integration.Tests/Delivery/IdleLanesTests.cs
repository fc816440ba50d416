using Adapter.Conformance;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.Stores;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>What a look for due lanes costs, counted in steps of the database and not in time.</summary>
public sealed class IdleLanesTests : IAsyncLifetime
{
    private readonly SqliteStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("idle", null)]
    [InlineData("parked", null)]
    [InlineData("waiting", 3600)]
    public async Task Lanes_with_nothing_to_do_now_make_the_look_for_those_that_have_no_longer(string state, int? dueInSeconds)
    {
        await AddAsync(10, "few", state, dueInSeconds);
        await StepsAsync();
        var few = await StepsAsync();
        few.ShouldBeGreaterThan(20, "steps are counted");

        await AddAsync(10_000, "many", state, dueInSeconds);

        (await StepsAsync()).ShouldBe(few);
    }

    /// <returns>Steps of all that the dispatcher asks when it looks around.</returns>
    private async Task<int> StepsAsync()
    {
        var steps = 0;
        Watch(() => steps++);
        (await _store.Lanes.OvertakersDueAsync("manifest", [], 32, Cancel)).ShouldBeEmpty();
        (await _store.Lanes.DueAsync("manifest", [], 32, Cancel)).ShouldBeEmpty();
        await _store.Lanes.NextDueAsync([], [], [], Cancel);
        Watch(null);
        return steps;
    }

    /// <summary>The one connection for reading is used again and again.</summary>
    private void Watch(Action? step)
    {
        using var session = (SqliteSession)_store.Database.OpenForReading();
        SQLitePCL.raw.sqlite3_progress_handler(session.Connection.Handle, step is null ? 0 : 1, step is null ? null : _ => { step(); return 0; }, null);
    }

    private Task AddAsync(int lanes, string name, string state, int? dueInSeconds) => _store.Writer.WriteAsync(WriteUrgency.Ordinary, session =>
    {
        const string counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) ";
        var now = _store.Clock.GetUtcNow();
        session.Execute(
            counted + "INSERT INTO lanes (destination, subject, last_number, head, state, due_at, attempts, tries, since) SELECT 'manifest', 'journey:' || ?2 || i, 1, iif(?3 = 'idle', NULL, 1), ?3, ?4, 0, 0, ?5 FROM n",
            lanes, name, state, dueInSeconds is { } seconds ? (now + TimeSpan.FromSeconds(seconds)).ToStored() : null, now.ToStored());
        session.Execute(
            counted
            + """
              INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, document, doc_version, source, soap, action, body)
              SELECT ?2 || i, 'manifest', 'journey:' || ?2 || i, 1, 1, 'seal', 'SEAL', ?4, ?4, 1, iif(?3 = 'idle', 'delivered', 'queued'), 'manifest-notification', 1, x'7b7d', 'Soap11', '', x'3c6d2f3e' FROM n
              """,
            lanes, name, state, now.ToStored());
    }, Cancel);
}
