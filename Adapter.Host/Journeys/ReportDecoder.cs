using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Reads a journalled record again, in the dialect and the code space it was received in.</summary>
internal sealed class ReportDecoder(TelemetryReader reader) : IReportDecoder
{
    public LockReport Decode(JournalEntry entry)
    {
        return reader.Read(ReportRoutes.Parse(entry.Source, entry.Route), entry.Body, entry.ReceivedAt) switch
        {
            ReadElement.Read read => read.Report,
            ReadElement.Unreadable unreadable => throw new FormatException($"Entry {entry.Position} was readable when it was received and is not now: {unreadable.Reason}"),
            var other => throw new InvalidOperationException($"The telemetry reader answered {other}."),
        };
    }
}
