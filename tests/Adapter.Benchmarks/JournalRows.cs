using Adapter.Benchmarks.Load;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Journal;
using Adapter.Mappings.Telemetry;

namespace Adapter.Benchmarks;

/// <summary>Position reports as intake hands them to the journal, each another one.</summary>
internal sealed class JournalRows(TelemetryReader reader)
{
    private static readonly TelemetryRoute Route = new("jointcloud", Contracts.Telemetry.ReportRoute.Location, CodeSpace: null);
    private static readonly string Stored = ReportRoutes.Stored(Route);

    private readonly Reports _reports = new("position", 0, 0);

    public ReceivedRecord[] Take(int count)
    {
        var rows = new ReceivedRecord[count];
        for (var i = 0; i < count; i++)
        {
            var body = new byte[_reports.Length];
            _reports.Next(body);
            var receivedAt = TimeProvider.System.GetUtcNow();
            var read = (ReadElement.Read)reader.Identify(Route, JsonElements.Cut(body, 1)![0], receivedAt);
            rows[i] = new ReceivedRecord(EntryKind.Telemetry, Route.Source, Stored, receivedAt, read.Body, read.Elided, read.Identity, Quarantine: null);
        }

        return rows;
    }
}
