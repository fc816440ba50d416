using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Adapter.Host.Tests.Storage;

/// <summary>What due times go by when clocks are wrong, or are set.</summary>
public sealed class StoreClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 9, 12, 0, 0, TimeSpan.Zero);

    private readonly Machine _machine = new();
    private readonly Database _database = new();
    private readonly StoreClock _clock;

    public StoreClockTests() => _clock = new StoreClock(_database, _machine);

    [Fact]
    public void It_is_the_machines_clock_where_the_store_has_none()
    {
        Passes(TimeSpan.FromSeconds(5));

        (_clock.GetUtcNow(), _clock.Ahead).ShouldBe((Noon.AddSeconds(5), TimeSpan.Zero));
    }

    [Fact]
    public void It_is_the_databases_clock_where_there_is_one_and_the_machines_time_of_day_has_no_part_in_it()
    {
        _database.Shows = Noon.AddHours(1);
        var first = _clock.GetUtcNow();
        _machine.Time += TimeSpan.FromDays(3);

        (first, _clock.GetUtcNow()).ShouldBe((Noon.AddHours(1), Noon.AddHours(1)));
        _clock.Ahead.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromDays(3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_is_put_back_does_not_take_it_back(bool ofTheDatabase)
    {
        SetTo(ofTheDatabase, Noon);
        var before = _clock.GetUtcNow();
        Passes(TimeSpan.FromSeconds(5));
        SetBack(ofTheDatabase, TimeSpan.FromHours(1));
        var after = _clock.GetUtcNow();
        Passes(TimeSpan.FromMinutes(5));
        var later = _clock.GetUtcNow();

        (after - before, later - after).ShouldBe((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)));
        var told = await new ClockHealth(_clock).CheckHealthAsync(null!, TestContext.Current.CancellationToken);
        told.Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public void It_follows_a_clock_that_is_put_ahead()
    {
        _clock.GetUtcNow();
        _machine.Time += TimeSpan.FromDays(1);

        _clock.GetUtcNow().ShouldBe(Noon.AddDays(1));
    }

    [Fact]
    public void A_clock_that_was_put_back_and_is_put_right_is_caught_up_with()
    {
        _clock.GetUtcNow();
        SetBack(ofTheDatabase: false, TimeSpan.FromHours(1));
        _clock.GetUtcNow().ShouldBe(Noon);
        _machine.Time += TimeSpan.FromMinutes(40);
        (_clock.GetUtcNow(), _clock.Held).ShouldBe((Noon, TimeSpan.FromMinutes(20)));
        _machine.Time += TimeSpan.FromMinutes(30);

        (_clock.GetUtcNow(), _clock.Held).ShouldBe((Noon.AddMinutes(10), TimeSpan.Zero));
    }

    [Fact]
    public void Two_clocks_that_differ_by_milliseconds_from_look_to_look_are_no_step()
    {
        _database.Shows = Noon;
        _clock.GetUtcNow();
        SetBack(ofTheDatabase: true, TimeSpan.FromMilliseconds(900));

        _clock.GetUtcNow().ShouldBe(Noon.AddMilliseconds(-900));
    }

    private void Passes(TimeSpan time)
    {
        _machine.Passed += time;
        _machine.Time += time;
        _database.Shows += time;
    }

    private void SetTo(bool ofTheDatabase, DateTimeOffset time) => _database.Shows = ofTheDatabase ? time : null;

    private void SetBack(bool ofTheDatabase, TimeSpan by)
    {
        if (ofTheDatabase)
        {
            _database.Shows -= by;
        }
        else
        {
            _machine.Time -= by;
        }
    }

    private sealed class Machine : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = Noon;

        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Time;

        public override long GetTimestamp() => Passed.Ticks;
    }

    private sealed class Database : StoreDatabase
    {
        public DateTimeOffset? Shows { get; set; }

        public override string Name => "a database";

        public override long? WalBytes => null;

        public override DateTimeOffset? Clock => Shows;

        public override StoreSession OpenForReading() => throw new NotSupportedException();
    }
}
