using System.Globalization;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Verification;

/// <summary>A lock's positions follow each other as a truck can drive.</summary>
internal sealed class ImplausibleJump : ICheck
{
    public string Code => "position.jump";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        foreach (var track in journey.Tracks.Where(t => t.SubLock is null))
        {
            if (Jump.Of(track.Trace).MaxBy(j => j.Kilometres) is { } jump)
            {
                yield return new Contradiction(track.Lock.Value, string.Create(CultureInfo.InvariantCulture,
                    $"Lock {track.Lock} was {Words.Where(jump.Start)} on {Words.When(jump.From)} and {Words.Where(jump.End)} on {Words.When(jump.To)}: {jump.Kilometres:0} km with {jump.KilometresPerHour:0} km/h. One of the two is wrong or forged."));
            }
        }
    }
}
