using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Reads a journalled record again, in the dialect and the code space it was received in.</summary>
internal sealed class ReportDecoder(TelemetryReader reader) : IReportDecoder
{
    public LockReport Decode(JournalEntry entry)
    {
        try
        {
            return reader.Report(ReportRoutes.Parse(entry.Source, entry.Route), entry.Body);
        }
        catch (FormatException unreadable)
        {
            throw new FormatException($"Entry {entry.Position} was readable when it was received and is not now: {unreadable.Message}", unreadable);
        }
    }
}
