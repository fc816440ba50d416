using System.Text.Json;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Journeys;

/// <summary>A journal entry and what it says.</summary>
internal sealed record DecodedEntry(JournalEntry Entry, EntryContent Content);

internal abstract record EntryContent
{
    public sealed record Report(LockReport Told) : EntryContent;

    public sealed record Registration(JourneyRegistration Asked) : EntryContent;

    public sealed record Close(CloseJourney Asked) : EntryContent;

    public sealed record Manifest(RegisterManifestRequest Told) : EntryContent;

    public sealed record Amend(AmendMovementRequest Asked) : EntryContent;

    /// <summary>A fact about one journey that changes no binding.</summary>
    public sealed record OfJourney(string JourneyId, Func<JourneyOptions, IReadOnlyList<Facts.JourneyFact>> Facts) : EntryContent;

    public sealed record Judge(JudgeFinding Asked) : EntryContent;

    public sealed record Due(string JourneyId) : EntryContent;

    public sealed record Nothing : EntryContent;
}

/// <summary>Turns the wire form of a report into the adapter's own terms.</summary>
internal interface IReportDecoder
{
    /// <exception cref="FormatException">The entry is unreadable although intake accepted it.</exception>
    LockReport Decode(JournalEntry entry);
}

/// <summary>First step: what does each entry say?</summary>
internal static class Decode
{
    public static IReadOnlyList<DecodedEntry> Run(IReadOnlyList<JournalEntry> entries, IReportDecoder decoder) =>
        [.. entries.Select(entry => new DecodedEntry(entry, ContentOf(entry, decoder)))];

    private static EntryContent ContentOf(JournalEntry entry, IReportDecoder decoder) => (entry.Kind, entry.Route) switch
    {
        (EntryKind.Telemetry, _) => new EntryContent.Report(decoder.Decode(entry)),
        (EntryKind.Quarantined, _) => new EntryContent.Nothing(),
        (EntryKind.Registration, _) => new EntryContent.Registration(Read(entry, JourneyJson.Default.JourneyRegistration)),
        (EntryKind.OperatorAct, Operations.CloseJourney) => new EntryContent.Close(Read(entry, JourneyJson.Default.CloseJourney)),
        (EntryKind.OperatorAct, Operations.JudgeFinding) => new EntryContent.Judge(Read(entry, JourneyJson.Default.JudgeFinding)),
        (EntryKind.Deadline, Operations.Deadline) => new EntryContent.Due(Read(entry, JourneyJson.Default.DeadlineDue).JourneyId),
        (EntryKind.Document, Operations.RegisterManifest) => new EntryContent.Manifest(Read(entry, CustomsJson.Default.RegisterManifestRequest)),
        (EntryKind.Amendment, Operations.AmendMovement) => new EntryContent.Amend(Read(entry, CustomsJson.Default.AmendMovementRequest)),
        (EntryKind.Observation, Operations.ReportObservation) => FactsOf.Observation(Read(entry, CustomsJson.Default.ReportObservationRequest), entry),
        (EntryKind.Observation, Operations.ConfirmDeparture) => FactsOf.Departure(Read(entry, CustomsJson.Default.ConfirmDepartureRequest), entry),
        (EntryKind.Observation, Operations.ConfirmArrival) => FactsOf.Arrival(Read(entry, CustomsJson.Default.ConfirmArrivalRequest), entry),
        (EntryKind.UnsealOrder, Operations.AuthoriseUnseal) => FactsOf.Order(Read(entry, CustomsJson.Default.AuthoriseUnsealRequest), entry),
        _ => throw new FormatException($"Entry {entry.Position} is of kind {entry.Kind} with operation '{entry.Route}', which this program does not know. Was it written by a newer one?"),
    };

    private static T Read<T>(JournalEntry entry, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(entry.Body.Span, type) ?? throw new FormatException($"Entry {entry.Position} is empty.");
}
