using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Document flow says where the goods are released; goods flow says a lock was opened elsewhere.</summary>
/// <remarks>Where no position is near enough in time to say where it was opened, there is no contradiction: lost reports are a finding of their own.</remarks>
internal sealed class UnsealedAtDestination(VerificationOptions options) : ICheck
{
    public string Code => "seal.opened-outside-destination";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered || registered.Registration.Destination.Position is null || Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        var destination = registered.Registration.Destination.Code;
        foreach (var episode in journey.Episodes.Where(e => e.Kind == LockEventKind.Unseal && e.First.At >= departure.At))
        {
            if (UnsealingAuthority.WasIn(destination, journey, episode, options) == false && !UnsealingAuthority.Covers(journey, episode))
            {
                yield return new Contradiction(episode.Key, string.Create(CultureInfo.InvariantCulture,
                    $"The goods are to be released at {destination}, but lock {episode.Lock} was opened at {episode.First.At:yyyy-MM-dd HH:mm} UTC {Where(episode.First.Where)}."));
            }
        }
    }

    private static string Where(GeoPoint? where) => where is null
        ? "at an unknown place"
        : string.Create(CultureInfo.InvariantCulture, $"at {where.Latitude:0.0000}, {where.Longitude:0.0000}");
}
