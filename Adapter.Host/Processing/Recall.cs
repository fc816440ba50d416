using Adapter.Host.Journeys;

namespace Adapter.Host.Processing;

/// <summary>Makes the loaded state into the world that the pure steps work on.</summary>
internal static class Recall
{
    public static World Run(StoredState stored, IReportDecoder decoder, JourneyOptions options) => new(
        new Bindings(stored.Bindings),
        stored.Subjects,
        from entry in stored.Idle
        let report = decoder.Decode(entry)
        let timing = Timing.Of(report, entry.ReceivedAt, options)
        where timing is not null
        select new IdleReport(report, timing, entry.Source, entry.Position));
}
