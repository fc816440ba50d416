using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>A lock's own word that something happened: an alarm push or an event row. A flag that positions carry is a state.</summary>
/// <param name="Shown">The same report shows the state that it speaks of.</param>
/// <param name="Window">How far apart reports of one thing may lie at its source.</param>
internal sealed record Telling(LockEventKind Kind, Sighting Seen, SourceCode Code, bool Shown, TimeSpan Window)
{
    public bool SaysTheSame(Telling other) =>
        Kind == other.Kind && Seen.At == other.Seen.At && Code == other.Code && Shown == other.Shown;
}
