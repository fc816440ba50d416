using System.Text;
using Adapter.Conformance;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Adapter.Integration.Tests.Stores;

/// <summary>A connection that is lost at each request of each piece of work in turn, once before the database learns of it and once before its answer comes.</summary>
/// <remarks>What is told must be true: success where it is in the store, and failure where nothing of it is.</remarks>
[Trait("needs", "postgres")]
public sealed class PostgresConnectionTests : IAsyncLifetime
{
    private readonly CuttingRelay _relay = new(new NpgsqlConnectionStringBuilder(PostgresFixture.Shared.Address).Port);
    private readonly PostgresStore _store;
    private int _number;

    public PostgresConnectionTests() => _store = new PostgresStore(through: _relay.Port, leaseTime: new FakeTimeProvider());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task An_append_tells_the_truth_at_whichever_request_the_connection_is_lost(LossOf loss)
    {
        await _store.Lease.StartingAsync(Cancel);
        var journal = _store.Journal;
        var unharmed = await LoseAtEachRequestAsync(loss, requests: 5, async () =>
        {
            var record = Report(_number++);
            var failure = await Record.ExceptionAsync(() => journal.AppendAsync([record], Cancel));
            _relay.LoseNothing();

            var kept = await _store.RowsAsync($"journal WHERE body = '{Encoding.UTF8.GetString(record.Body.Span)}'");
            kept.ShouldBe(failure is null ? 1 : 0);
            (failure is null or StoreUnavailableException).ShouldBeTrue(failure?.ToString());
            (await journal.AppendAsync([record], Cancel)).ShouldHaveSingleItem().ShouldBeOfType(failure is null ? typeof(AppendResult.Duplicate) : typeof(AppendResult.Stored));
            return failure is null;
        });

        // The first request of a group shows that the connection is gone before anything was written; of the commit the database is asked.
        unharmed.ShouldBeGreaterThanOrEqualTo(loss == LossOf.Request ? 1 : 2);
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task What_is_decided_is_saved_whole_or_not_at_all(LossOf loss)
    {
        await _store.Lease.StartingAsync(Cancel);
        var processing = _store.Processing;
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        var unharmed = await LoseAtEachRequestAsync(loss, requests: 5, async () =>
        {
            await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
            var entry = (await processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
            var subject = Subject.OfJourney($"J-{_number++}");
            var batch = Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(subject), [Batch.Message(1, entry.Position, subject: subject)])] };
            return (batch, subject);
        }, async prepared =>
        {
            var failure = await Record.ExceptionAsync(() => processing.SaveAsync(prepared.batch, Cancel));

            (failure is null or StoreUnavailableException).ShouldBeTrue(failure?.ToString());
            var where = $" WHERE subject = '{prepared.subject}'";
            (await _store.RowsAsync("subjects" + where), await _store.RowsAsync("messages" + where), await _store.RowsAsync("lanes" + where))
                .ShouldBe(failure is null ? (1, 1, 1) : (0, 0, 0));

            (await _store.RowsAsync("waiting_entries")).ShouldBe(failure is null ? 0 : 1);
            if (failure is not null)
            {
                await processing.SaveAsync(prepared.batch, Cancel);
            }

            return failure is null;
        });

        unharmed.ShouldBeGreaterThanOrEqualTo(loss == LossOf.Request ? 1 : 2);
    }

    [Fact]
    public async Task A_batch_of_forty_journeys_is_saved_in_fewer_round_trips_than_it_has_journeys()
    {
        await _store.Lease.StartingAsync(Cancel);
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        var subjects = Enumerable.Range(1, 40).Select(n => Subject.OfJourney($"J-{n}"))
            .Select(subject => new MappedSubject(new SubjectState(subject), [.. Enumerable.Range(1, 3).Select(n => Batch.Message(n, entry.Position, subject: subject))])).ToList();
        var before = _relay.Turns;

        await _store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = subjects }, Cancel);

        (_relay.Turns - before).ShouldBeLessThan(subjects.Count);
        (await _store.RowsAsync("subjects"), await _store.RowsAsync("messages"), await _store.RowsAsync("lanes WHERE last_number = 3 AND head = 1")).ShouldBe((40, 120, 40));
    }

    [Fact]
    public async Task Forty_attempts_that_end_together_take_a_few_round_trips()
    {
        await _store.Lease.StartingAsync(Cancel);
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        var subjects = Enumerable.Range(1, 40).Select(n => Subject.OfJourney($"J-{n}"))
            .Select(subject => new MappedSubject(new SubjectState(subject), [.. Enumerable.Range(1, 2).Select(n => Batch.Message(n, entry.Position, subject: subject))])).ToList();
        await _store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = subjects }, Cancel);
        // One, as in a host: writes of the same work run together.
        var lanes = _store.Lanes;
        var heads = await lanes.DueAsync("manifest", [], 100, Cancel);
        var gate = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var before = _relay.Turns;
        var ends = heads.Select(head => lanes.EndAsync(
            head, new AttemptRecord(null, AttemptPurpose.Send, _store.Clock.GetUtcNow(), "delivered", 200, "detail", default), new NextMove.Delivered(Duplicate: false), Cancel)).ToList();

        gate.Set();
        await held;
        var next = await Task.WhenAll(ends);

        // Three steps of the ends, and what opens and closes commits; an answer that does not fit one packet counts more than once.
        (_relay.Turns - before).ShouldBeLessThan(heads.Count / 2);
        next.Select(head => head?.Number).ShouldAllBe(number => number == 2);
        (await _store.RowsAsync("messages WHERE state = 'delivered'"), await _store.RowsAsync("attempts WHERE outcome = 'delivered'"), await _store.RowsAsync("lanes WHERE head = 2 AND state = 'waiting'")).ShouldBe((40, 40, 40));
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task An_attempt_is_marked_and_ended_or_it_is_not(LossOf loss)
    {
        await _store.Lease.StartingAsync(Cancel);
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        var unharmed = await LoseAtEachRequestAsync(loss, requests: 6, async () =>
        {
            await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
            var entry = (await _store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
            var subject = Subject.OfJourney($"J-{_number++}");
            await _store.Processing.SaveAsync(
                Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(subject), [Batch.Message(1, entry.Position, subject: subject)])] }, Cancel);
            return (await _store.Lanes.DueAsync("manifest", [], 10, Cancel)).ShouldHaveSingleItem();
        }, async head =>
        {
            var attempts = $"attempts WHERE message_id = '{head.MessageId}'";
            long attempt = 0;
            var failure = await Record.ExceptionAsync(async () => attempt = await _store.Lanes.BeginAsync(head, AttemptPurpose.Send, Cancel));
            (await _store.RowsAsync(attempts)).ShouldBe(failure is null ? 1 : 0);
            var isMarked = failure is null;
            if (!isMarked)
            {
                attempt = await _store.Lanes.BeginAsync(head, AttemptPurpose.Send, Cancel);
            }

            var told = new AttemptRecord(attempt, AttemptPurpose.Send, _store.Clock.GetUtcNow(), "delivered", 200, "detail", default);
            failure = await Record.ExceptionAsync(() => _store.Lanes.EndAsync(head, told, new NextMove.Delivered(Duplicate: false), Cancel));
            (await _store.RowsAsync(attempts + " AND finished_at IS NOT NULL"), await _store.RowsAsync($"messages WHERE id = '{head.MessageId}' AND state = 'delivered'"))
                .ShouldBe(failure is null ? (1, 1) : (0, 0));
            if (failure is not null)
            {
                await _store.Lanes.EndAsync(head, told, new NextMove.Delivered(Duplicate: false), Cancel);
            }

            return isMarked && failure is null;
        });

        unharmed.ShouldBeGreaterThanOrEqualTo(loss == LossOf.Request ? 1 : 2);
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task Claims_and_reads_do_not_notice(LossOf loss)
    {
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        await _store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(Batch.Journey), [Batch.Message(1, entry.Position)])] }, Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);

        await LoseAtEachRequestAsync(loss, requests: 5, async () =>
        {
            (await _store.Processing.ClaimAsync(10, Cancel)).Count.ShouldBe(1);
            (await _store.Processing.LoadAsync(new Touched([], ["J-1"], [], _store.Clock.GetUtcNow()), Cancel)).Subjects.ShouldHaveSingleItem();
            (await _store.Journal.CountAsync(Cancel)).Waiting.ShouldBe(1);
            (await _store.Lanes.CountAsync(Cancel)).Values.Sum().ShouldBe(1);
            (await _store.Destinations.AllAsync(Cancel)).ShouldHaveSingleItem();
            return true;
        });
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task The_lease_is_renewed_after_the_loss_and_stays_with_its_host(LossOf loss)
    {
        var time = new FakeTimeProvider();
        using var lease = new PostgresLease(_store.Database, PostgresStore.NoDoor.Instance, _store.Lifetime, time, NullLogger<PostgresLease>.Instance);
        await lease.StartingAsync(Cancel);

        // A renewal makes two requests. One that is still under way may take the place of the first: whichever the loss meets, the lease is renewed after it.
        for (var request = 1; request <= 4; request++)
        {
            _relay.LoseAt(request, loss);
            await RenewUntilAsync(() => Task.FromResult(_relay.HasCut));
            await _store.RunAsync("UPDATE lease SET expires_at = clock_timestamp()");
            await RenewUntilAsync(async () => await _store.RowsAsync("lease WHERE epoch = 1 AND expires_at > clock_timestamp() + interval '10 seconds'") == 1
                && await _store.RowsAsync("pg_locks WHERE locktype = 'advisory' AND granted AND objid = 4283947212::bigint::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 1);
        }

        _store.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        await lease.StoppedAsync(Cancel);

        Task<bool> RenewUntilAsync(Func<Task<bool>> seenAsync) => Eventually.GetAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(3));
                return seenAsync();
            },
            seen => seen);
    }

    [Theory]
    [InlineData(LossOf.Request)]
    [InlineData(LossOf.Answer)]
    public async Task A_standby_asks_again(LossOf loss) => await LoseAtEachRequestAsync(loss, requests: 2, async () =>
    {
        var time = new FakeTimeProvider();
        using var standby = new PostgresLease(_store.Database, PostgresStore.NoDoor.Instance, _store.Lifetime, time, NullLogger<PostgresLease>.Instance);
        var waits = standby.StartingAsync(Cancel);

        await Eventually.GetAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                return Task.FromResult(waits.IsCompletedSuccessfully);
            },
            taken => taken);
        await standby.StoppedAsync(Cancel);
        return true;
    });

    /// <summary>Does the work once for each request that it makes, each time losing the connection at the next one.</summary>
    /// <param name="requests">How many it makes at least.</param>
    /// <param name="workAsync">Tells whether the loss went unnoticed.</param>
    /// <returns>How often it did.</returns>
    private Task<int> LoseAtEachRequestAsync(LossOf loss, int requests, Func<Task<bool>> workAsync) =>
        LoseAtEachRequestAsync(loss, requests, () => Task.FromResult(true), _ => workAsync());

    private async Task<int> LoseAtEachRequestAsync<T>(LossOf loss, int requests, Func<Task<T>> prepareAsync, Func<T, Task<bool>> workAsync)
    {
        var unnoticed = 0;
        for (var request = 1; ; request++)
        {
            var prepared = await prepareAsync();
            _relay.LoseAt(request, loss);
            var unharmed = await workAsync(prepared);
            _relay.LoseNothing();
            if (!_relay.HasCut)
            {
                request.ShouldBeGreaterThan(requests, "the work makes fewer requests than it was thought to");
                return unnoticed;
            }

            unnoticed += unharmed ? 1 : 0;
        }
    }

    private ReceivedRecord Report(long content)
    {
        var now = _store.Clock.GetUtcNow();
        return new(
            EntryKind.Telemetry, "cloud", "location", now, Encoding.UTF8.GetBytes($"report {content}"), [],
            new RecordIdentity(now.ToUnixTimeSeconds(), LockId.Parse("8022300001"), ReportRoute.Alarm, content, "cloud", $"row-{content}", 0), null);
    }
}
