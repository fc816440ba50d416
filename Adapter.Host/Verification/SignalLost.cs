using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>A lock under way was silent for longer than it may be, and nothing it said later tells of that time.</summary>
internal sealed class SignalLost : ICheck
{
    /// <summary>Below this a lock switches radio and receiver off until somebody wakes it.</summary>
    private const int DeepSleepPercent = 5;

    public string Code => "telemetry.signal-lost";

    public string Kind => EventKinds.Code(LockEventKind.SignalLost);

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        // Goods that turn out to have been there by then were not on their way any more.
        var arrival = Milestones.Arrived(journey).Earliest;
        foreach (var silence in journey.Fired.Where(f => f is { Kind: DeadlineKind.Silence, Filled: false } && !(arrival?.At < f.Due)))
        {
            var asleep = silence.BatteryPercent <= DeepSleepPercent ? $" Its battery was at {silence.BatteryPercent} %, so it may be in deep sleep." : "";
            yield return new Contradiction(string.Create(CultureInfo.InvariantCulture, $"{silence.Lock}/{silence.Since.UtcDateTime:yyyyMMdd'T'HHmmss}"), string.Create(CultureInfo.InvariantCulture,
                $"Lock {silence.Lock} is to report all the way, but nothing came from {silence.Since.UtcDateTime:yyyy-MM-dd HH:mm} to {silence.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC.{asleep}"))
            {
                Seen = new Sighting(silence.Lock, silence.Due, silence.FiredAt, Late: false, ClockSuspect: false, Where: null, silence.Entry),
            };
        }
    }
}
