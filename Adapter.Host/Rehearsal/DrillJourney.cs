using System.Globalization;
using System.Security.Cryptography;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Rehearsal;

/// <summary>One of many demo journeys, each with numbers of its own, in three parts: sealed and left, rope cut on the road, arrived.</summary>
internal sealed record DrillJourney(
    JourneyRegistration Registration, IReadOnlyList<DemoPush> BeforeTheOutage, IReadOnlyList<DemoPush> DuringTheOutage, IReadOnlyList<DemoPush> AfterTheOutage)
{
    /// <summary>Two drills on one host share no journey, except by a chance of one in ten thousand.</summary>
    public static IReadOnlyList<DrillJourney> Make(int count, DateTimeOffset now)
    {
        var run = RandomNumberGenerator.GetInt32(10_000);
        return [.. Enumerable.Range(1, count).Select(n => Make(string.Create(CultureInfo.InvariantCulture, $"{run:0000}{n:0000}"), now))];
    }

    private static DrillJourney Make(string mark, DateTimeOffset now)
    {
        var journey = DemoJourney.Load(mark);
        var start = DemoJourney.StartFor(now, TimeSpan.FromMinutes(5));
        // Every fifth of the long road's positions: what is told does not hang on the others.
        var pushes = journey.Telemetry(start).Where((push, i) => i % 5 == 0 || !push.Label.StartsWith("on the road", StringComparison.Ordinal)).ToList();
        var cut = pushes.FindIndex(push => push.Label.StartsWith("the rope is cut", StringComparison.Ordinal));
        var arrival = pushes.FindIndex(push => push.Label.StartsWith("arrived", StringComparison.Ordinal));
        return new DrillJourney(journey.Registration(start), pushes[..cut], pushes[cut..arrival], pushes[arrival..]);
    }
}
