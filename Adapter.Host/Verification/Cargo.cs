using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>What documents and observations say of the cargo, in one form for all checks.</summary>
internal static class Cargo
{
    /// <summary>What the registration declares when something was seen, with who saw it.</summary>
    public static IEnumerable<(JourneyRegistration Declared, Observation Seen)> Observed(SubjectState journey) =>
        journey.Journey is { } registered ? journey.Observations.Select(seen => (registered.ValidAt(seen.At), seen)) : [];

    /// <summary>Containers of the registration by number in plain form.</summary>
    public static IEnumerable<(Container Declared, DeclaredContainer OfManifest)> SharedWithManifest(SubjectState journey) =>
        from declared in journey.Journey?.Registration.Containers ?? []
        join other in journey.Manifest?.Containers ?? [] on Words.Plain(declared.Number) equals Words.Plain(other.Number)
        select (declared, other);

    /// <summary>Containers that were seen with their seals, beside what is declared of them.</summary>
    public static IEnumerable<(Container Declared, ObservedContainer Found, Observation Seen)> SealsSeen(SubjectState journey) =>
        from observed in Observed(journey)
        from found in observed.Seen.Containers
        from declared in observed.Declared.Containers
        where declared.Seals.Count > 0 && found.Seals.Count > 0 && Words.Plain(declared.Number) == Words.Plain(found.Number)
        select (declared, found, observed.Seen);

    /// <summary>The seals without the e-locks, which some observers note down too.</summary>
    public static IReadOnlyList<string> Mechanical(IEnumerable<string> seals, JourneyRegistration registration)
    {
        var locks = registration.Locks.Select(l => Words.Plain(l.Lock.Value)).ToHashSet(StringComparer.Ordinal);
        return [.. seals.Where(seal => !locks.Contains(Words.Plain(seal)))];
    }

    public static bool SameSet(IEnumerable<string> one, IEnumerable<string> other) =>
        one.Select(Words.Plain).ToHashSet(StringComparer.Ordinal).SetEquals(other.Select(Words.Plain));

    /// <summary>Items of the second list that the first does not have.</summary>
    public static IReadOnlyList<string> Strange(IEnumerable<string> known, IEnumerable<string> found)
    {
        var plain = known.Select(Words.Plain).ToHashSet(StringComparer.Ordinal);
        return [.. found.Where(item => !plain.Contains(Words.Plain(item)))];
    }
}
