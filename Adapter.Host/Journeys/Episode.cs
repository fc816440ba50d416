using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>One thing that happened to a lock, however many reports tell of it.</summary>
/// <param name="Number">Counts the episodes of this kind of this subject, in the order they were first processed. Never changes.</param>
/// <param name="First">The earliest observation.</param>
/// <param name="Last">The latest observation that the condition still held.</param>
/// <param name="FromStateOnly">True while nothing but the state or a flag in positions tells of it.</param>
/// <param name="Codes">The sources' own codes, each once.</param>
/// <param name="Evidence">Journal positions of the reports; the first <see cref="MostEvidence"/> of them.</param>
/// <param name="SentForLock">Destinations that heard of it in the lock's own lane, before a journey owned the lock.</param>
internal sealed record Episode(
    int Number, LockEventKind Kind, LockId Lock, string? SubLock, Sighting First, Sighting Last, bool FromStateOnly,
    IReadOnlyList<SourceCode> Codes, IReadOnlyList<long> Evidence, IReadOnlyList<string> SentForLock)
{
    public const int MostEvidence = 50;

    private const int MostCodes = 32;

    /// <summary>Stable key of the decision that this episode leads to.</summary>
    public string Key => EventKinds.Slug(Kind) + "/episode-" + Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public bool IsNear(DateTimeOffset at, TimeSpan window) => at >= First.At - window && at <= Last.At + window;

    public Episode LastingTo(Sighting sighting) => sighting.At > Last.At ? this with { Last = sighting } : this;

    public Episode With(Sighting sighting, SourceCode? code, bool fromState) => this with
    {
        First = sighting.At < First.At ? sighting : First,
        Last = sighting.At > Last.At ? sighting : Last,
        FromStateOnly = FromStateOnly && fromState,
        Codes = code is null || Codes.Count >= MostCodes || Codes.Contains(code) ? Codes : [.. Codes, code],
        Evidence = Evidence.Count >= MostEvidence || Evidence.Contains(sighting.Entry) ? Evidence : [.. Evidence, sighting.Entry],
    };
}
