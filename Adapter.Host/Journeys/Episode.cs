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

    /// <summary>The same episode as it is known now; what told of it once stays with it.</summary>
    public Episode Of(Sighting first, Sighting last, bool fromStateOnly, IEnumerable<SourceCode> codes, IEnumerable<long> evidence) => this with
    {
        First = first,
        Last = last,
        FromStateOnly = fromStateOnly,
        Codes = [.. Codes.Union(codes).Take(MostCodes)],
        Evidence = [.. Evidence.Union(evidence).Take(MostEvidence)],
    };
}
