using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;

namespace Adapter.Host.Processing;

/// <summary>Makes the loaded state into the world that the pure steps work on.</summary>
internal static class Recall
{
    public static World Run(StoredState stored, IReportDecoder decoder, JourneyOptions options) => new(
        new Bindings(stored.Bindings),
        stored.Subjects,
        from entry in stored.Idle
        let report = ReadAgain(entry, decoder)
        where report is not null
        let timing = Timing.Of(report, entry.ReceivedAt, options)
        where timing is not null
        select new IdleReport(report, timing, entry.Source, entry.Position));

    /// <summary>An old report that changed tables no longer read must not keep a journey from being registered.</summary>
    private static LockReport? ReadAgain(JournalEntry entry, IReportDecoder decoder)
    {
        try
        {
            return decoder.Decode(entry);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
