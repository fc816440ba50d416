using System.Text.Json;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Journal;
using Adapter.Mappings.Telemetry;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest;

/// <summary>Turns what a source has sent into records for the journal; the same for every way in.</summary>
internal sealed class BodyReader(TelemetryReader reader, IOptions<IngestOptions> options)
{
    private readonly int _most = options.Value.MaxRecords;

    /// <param name="contentType">As the sender says it; its charset counts where the body itself does not show another.</param>
    public BodyReading Read(TelemetryRoute route, ReadOnlyMemory<byte> body, string? contentType, DateTimeOffset receivedAt)
    {
        var (text, problem) = BodyText.ToUtf8(body, contentType);
        if (problem is not null)
        {
            return Unreadable(BodyFault.NotText, problem);
        }

        List<ReadOnlyMemory<byte>>? elements;
        try
        {
            elements = JsonElements.Cut(text, _most);
        }
        catch (JsonException exception)
        {
            return Unreadable(BodyFault.NotJson, exception.Message);
        }

        if (elements is null)
        {
            return Unreadable(BodyFault.TooManyRecords, $"The array may hold {_most} records. Send it in parts.");
        }

        var stored = ReportRoutes.Stored(route);
        return new BodyReading.Records(elements.ConvertAll(element => reader.Identify(route, element, receivedAt) switch
        {
            ReadElement.Read read => new ReceivedRecord(EntryKind.Telemetry, route.Source, stored, receivedAt, read.Body, read.Elided, read.Identity, Quarantine: null),
            ReadElement.Unreadable unreadable => new ReceivedRecord(EntryKind.Telemetry, route.Source, stored, receivedAt, unreadable.Body, unreadable.Elided, Identity: null, unreadable.Reason),
            var other => throw new InvalidOperationException($"The telemetry reader answered {other}."),
        }));

        BodyReading.Unreadable Unreadable(BodyFault fault, string reason) => new(fault, Kept(route, text, reason, receivedAt));
    }

    /// <summary>A body that takes no effect, as it is kept for people to look at: secrets hidden.</summary>
    public UnreadableBody Kept(TelemetryRoute route, ReadOnlyMemory<byte> body, string reason, DateTimeOffset receivedAt) =>
        new(route.Source, ReportRoutes.Name(route.Route), receivedAt, reason, reader.HideSecrets(body));
}

/// <summary>What a body turned out to be.</summary>
internal abstract record BodyReading
{
    /// <summary>Records in the order of the body; those that cannot be read one by one say so themselves.</summary>
    public sealed record Records(IReadOnlyList<ReceivedRecord> All) : BodyReading;

    /// <summary>Nothing of it takes effect; it is kept for people to look at.</summary>
    public sealed record Unreadable(BodyFault Fault, UnreadableBody Body) : BodyReading;
}

internal enum BodyFault
{
    NotText,
    NotJson,
    TooManyRecords,
}
