using Adapter.Conformance;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Integration.Tests.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Whoever reads the log is called when lanes wait for a person, once for each cause and not for each lane.</summary>
public sealed class EscalationsTests : IAsyncLifetime
{
    private readonly SqliteStore _store = new();
    private readonly CapturedLog _log = new();
    private readonly FakeTimeProvider _timer = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<string> Calls => _log.Lines.Where(line => line is { EventId: 6010, Level: LogLevel.Error }).Select(line => line.Text);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Parked_lanes_call_for_a_person_after_an_hour_a_day_and_a_week()
    {
        await ParkAsync("J-1", "J-2");
        using var loggers = new LoggerFactory([_log]);
        using var escalations = new Escalations(_store.Lanes, _timer, loggers.CreateLogger<Escalations>());
        await escalations.StartAsync(Cancel);

        foreach (var (wait, step) in new[] { (TimeSpan.FromHours(1), "an hour"), (TimeSpan.FromHours(23), "a day"), (TimeSpan.FromDays(6), "a week") })
        {
            var before = Calls.Count();
            _store.Clock.Advance(wait);
            await Eventually.HoldsAsync(
                () =>
                {
                    _timer.Advance(TimeSpan.FromMinutes(1));
                    return Calls.Count() > before;
                }, $"they are called out after {step}");

            Calls.Skip(before).ShouldHaveSingleItem().ShouldContain($"2 lanes of manifest have waited for a person for {step}: Customs refused the message with code 7.");
        }

        await escalations.StopAsync(Cancel);
    }

    [Fact]
    public async Task What_was_called_out_is_not_called_out_again_after_a_restart()
    {
        await ParkAsync("J-1");
        _store.Clock.Advance(TimeSpan.FromHours(2));
        using var loggers = new LoggerFactory([_log]);
        for (var start = 0; start < 2; start++)
        {
            using var escalations = new Escalations(_store.Lanes, _timer, loggers.CreateLogger<Escalations>());
            await escalations.StartAsync(Cancel);
            await Eventually.HoldsAsync(() => Calls.Any(), "it is called out at the first start");
            await escalations.StopAsync(Cancel);
        }

        Calls.ShouldHaveSingleItem();
    }

    private async Task ParkAsync(params string[] journeys)
    {
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        foreach (var journey in journeys)
        {
            await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
            var entry = (await _store.Processing.ClaimAsync(100, Cancel))[^1];
            var subject = Subject.OfJourney(journey);
            await _store.Processing.SaveAsync(
                Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(subject), [Batch.Message(1, entry.Position, subject: subject)])] }, Cancel);
        }

        foreach (var head in await _store.Lanes.DueAsync("manifest", [], 10, Cancel))
        {
            await _store.Lanes.EndAsync(
                head, new AttemptRecord(null, AttemptPurpose.Send, _store.Clock.GetUtcNow(), "rejected", 200, "refused", default),
                new NextMove.Park("Customs refused the message with code 7."), Cancel);
        }
    }
}
