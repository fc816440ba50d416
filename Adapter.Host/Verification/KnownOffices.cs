using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>Declaration and manifest name offices that exist.</summary>
/// <remarks>Says nothing where no offices are listed in <c>Verification:Offices</c>: nobody knows then which there are. Nothing is refused for it.</remarks>
internal sealed class KnownOffices(VerificationOptions options) : ICheck
{
    private readonly HashSet<string> _known = options.Offices.Keys.Select(Words.Plain).ToHashSet(StringComparer.Ordinal);

    public string Code => "office.unknown";

    public IEnumerable<Contradiction> Check(SubjectState journey) => _known.Count == 0
        ? []
        : from named in Named(journey)
          where !_known.Contains(Words.Plain(named.Office))
          select new Contradiction($"{named.Field}/{named.Office}", $"{named.Who} names {named.Office} in {named.Field}, which is not among the {_known.Count} offices that customs have.");

    /// <summary>Each office with the field of the request in which it stands.</summary>
    private static IEnumerable<(string Who, string Field, string Office)> Named(SubjectState journey)
    {
        if (journey.Journey is { Registration: var declared })
        {
            const string declaration = "The declaration";
            yield return (declaration, "departure.code", declared.Departure.Code);
            foreach (var (i, office) in declared.Transit.Index())
            {
                yield return (declaration, $"transit[{i}].code", office.Code);
            }

            yield return (declaration, "destination.code", declared.Destination.Code);
        }

        if (journey.Manifest is ManifestDocument { Number: var number } manifest)
        {
            if (manifest.DepartureOffice is { } from)
            {
                yield return ($"Manifest {number}", "departureOffice", from);
            }

            if (manifest.DestinationOffice is { } to)
            {
                yield return ($"Manifest {number}", "destinationOffice", to);
            }
        }
    }
}
