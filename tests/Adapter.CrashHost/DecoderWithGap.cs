using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;

namespace Adapter.CrashHost;

/// <summary>Cannot read the reports of one lock, as after a change of tables; the next host can.</summary>
internal sealed class DecoderWithGap(IReportDecoder others, string lockNumber) : IReportDecoder
{
    public LockReport Decode(JournalEntry entry)
    {
        var report = others.Decode(entry);
        return report.Lock.Value == lockNumber ? throw new FormatException($"Lock {lockNumber} cannot be read here.") : report;
    }
}
