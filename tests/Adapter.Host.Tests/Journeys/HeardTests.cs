using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using CsCheck;

namespace Adapter.Host.Tests.Journeys;

public class HeardTests
{
    private static readonly Gen<Sighting> Sightings = Gen.Select(Gen.Long[0, 40L * 24 * 36_000_000_000], Gen.Long[-300_000_000, 9L * 36_000_000_000], Gen.Bool, Gen.Bool, Gen.Int[-900_000_000, 900_000_000], Gen.Int[0, int.MaxValue])
        .Select((at, delay, late, suspect, place, entry) => new Sighting(
            Story.Lock, Story.Start.AddTicks(at), Story.Start.AddTicks(at + delay), late, suspect, place % 3 == 0 ? null : new GeoPoint(place / 1e7, place / 5e6), entry));

    [Fact]
    public void What_was_heard_is_read_as_it_was_written() => Gen.Select(Sightings, Gen.Int[1, 63]).Array[0, 64].Sample(reports =>
    {
        var heard = reports.Aggregate(Heard.Nothing, (known, r) => known.With(new HeardReport(r.Item1, (Aspects)r.Item2), []));

        Read(Write(heard)).Reports.ShouldBe(heard.Reports);
    });

    [Fact]
    public void An_observation_is_read_as_it_was_written() => Sightings.Sample(seen =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(seen, JourneyJson.Default.Sighting), JourneyJson.Default.Sighting).ShouldBe(seen));

    [Fact]
    public void An_observation_of_a_person_has_no_lock()
    {
        var seen = new Sighting(Lock: null, Story.Start, Story.Start, Late: false, ClockSuspect: false, Where: null, 7);

        JsonSerializer.Serialize(seen, JourneyJson.Default.Sighting).ShouldBe("[null,1780293600000,1780293600000,0,7]");
        JsonSerializer.Deserialize("[null,1780293600000,1780293600000,0,7]", JourneyJson.Default.Sighting).ShouldBe(seen);
    }

    /// <summary>Stores hold states that were written when observations had names.</summary>
    [Fact]
    public void An_observation_written_by_names_is_read() => JsonSerializer.Deserialize(
        """{"lock":"8022300001","at":"2026-06-01T06:00:00+00:00","receivedAt":"2026-06-01T06:00:01.5+00:00","late":true,"clockSuspect":false,"where":{"latitude":-4.05,"longitude":39.65},"entry":61}""",
        JourneyJson.Default.Sighting).ShouldBe(new Sighting(Story.Lock, Story.Start, Story.Start.AddSeconds(1.5), Late: true, ClockSuspect: false, Story.Mombasa, 61));

    [Theory]
    [InlineData("""["8022300001","hA=="]""")]
    [InlineData("""{"reports":[]}""")]
    public void What_is_cut_short_or_of_another_form_is_an_error(string written) => Should.Throw<JsonException>(() => Read(written));

    [Fact]
    public void Of_too_many_the_recent_ones_and_the_edges_of_a_hole_stay()
    {
        // One a minute for ten hours, none for two, and ten more hours.
        var heard = Enumerable.Range(0, 1320).Where(minute => minute is < 600 or >= 720).Aggregate(Heard.Nothing, (known, minute) => known.With(At(minute), []));

        var minutes = heard.Reports.Select(r => (int)(r.Seen.At - Story.Start).TotalMinutes).ToList();
        minutes.Count.ShouldBe(Heard.Most);
        minutes.ShouldBeInOrder();
        minutes[0].ShouldBe(0);
        minutes.ShouldContain(599);
        minutes.ShouldContain(720);
        minutes.TakeLast(6).ShouldBe(Enumerable.Range(1314, 6));
    }

    /// <summary>Whether it continued something was judged by it.</summary>
    [Fact]
    public void What_came_before_a_word_of_the_lock_stays()
    {
        var told = new Telling(LockEventKind.RopeCut, At(100).Seen with { At = Story.Start.AddMinutes(100.5) }, new SourceCode("web-alarm", "10"), Shown: false, TimeSpan.FromMinutes(2));

        var heard = Enumerable.Range(0, 1000).Aggregate(Heard.Nothing, (known, minute) => known.With(At(minute), [told]));

        heard.Reports.ShouldContain(At(100));
    }

    [Fact]
    public void Neighbours_are_found_among_the_reports_that_speak_of_the_same()
    {
        var heard = Enumerable.Range(1, 4).Select(n => n * 10).Aggregate(Heard.Nothing, (known, minute) => known.With(At(minute) with { Of = minute == 20 ? Aspects.Rope : Aspects.Cover }, []));

        heard.LastBefore(Aspects.Cover, Minute(0), Minute(25))!.At.ShouldBe(Minute(10));
        heard.LastBefore(Aspects.Cover, Minute(15), Minute(25)).ShouldBeNull();
        heard.FirstAfter(Aspects.Rope, Minute(10), Minute(40))!.At.ShouldBe(Minute(20));
        heard.FirstAfter(Aspects.Cover, Minute(30), Minute(39)).ShouldBeNull();
    }

    private static DateTimeOffset Minute(int minute) => Story.Start.AddMinutes(minute);

    private static HeardReport At(int minute) => new(new Sighting(Story.Lock, Minute(minute), Minute(minute), Late: false, ClockSuspect: false, Where: null, minute), Aspects.Cover);

    private static string Write(Heard heard) => JsonSerializer.Serialize(heard, JourneyJson.Default.Heard);

    private static Heard Read(string written) => JsonSerializer.Deserialize(written, JourneyJson.Default.Heard)!;
}
