using System.Globalization;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>It is known where the goods were all the way: no long silence during which they moved.</summary>
/// <remarks>A parked lock sleeps and reports every half hour; a deep sleep at one place is no contradiction.</remarks>
internal sealed class TelemetryContinuity(VerificationOptions options) : ICheck
{
    public string Code => "telemetry.gap";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        var end = Milestones.Arrived(journey).Earliest?.At ?? DateTimeOffset.MaxValue;
        foreach (var track in journey.Tracks.Where(t => t.SubLock is null))
        {
            for (var i = 1; i < track.Trace.Fixes.Count; i++)
            {
                var (before, after) = (track.Trace.Fixes[i - 1], track.Trace.Fixes[i]);
                if (after.At - before.At > options.SilentWhileMoving && after.At > departure.At && before.At < end && before.MetresTo(after) > options.MovedMetres)
                {
                    yield return new Contradiction($"{track.Lock}/{before.At.UtcDateTime:yyyyMMdd'T'HHmmss}", string.Create(CultureInfo.InvariantCulture,
                        $"Lock {track.Lock} is to tell where the goods are, but there is no satellite position of it from {Words.When(before.At)} {Words.Where(before.Where)} to {Words.When(after.At)} {Words.Where(after.Where)}: {Words.Length(after.At - before.At)}, in which it moved {before.MetresTo(after) / 1000:0.0} km."))
                    {
                        Lasting = new Lasting(before.At, after.At, track.Lock),
                    };
                }
            }
        }
    }
}
