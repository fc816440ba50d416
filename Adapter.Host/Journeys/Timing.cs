using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>When a report counts as having happened.</summary>
/// <param name="At">Effective time: what facts are ordered by.</param>
/// <param name="ClockSuspect">The lock's clock was unusable and <paramref name="At"/> is the receive time.</param>
/// <param name="Late">The cloud had it much later than it happened.</param>
internal sealed record Timing(DateTimeOffset At, DateTimeOffset ReceivedAt, bool ClockSuspect, bool Late)
{
    /// <summary>Null for a position older than the memory of copies: evidence only, because nobody could tell it from a repeat.</summary>
    public static Timing? Of(LockReport report, DateTimeOffset receivedAt, JourneyOptions options)
    {
        if (report.DeviceTime is { } told)
        {
            if (told >= receivedAt - options.Horizon && told <= receivedAt + options.FutureTolerance)
            {
                // The cloud's receive time tells how late the lock was; our own delay is another figure.
                return new Timing(told, receivedAt, ClockSuspect: false, Late: (report.CloudTime ?? receivedAt) - told > options.LateAfter);
            }

            if (told < receivedAt && report.Route == ReportRoute.Location)
            {
                return null;
            }
        }

        return new Timing(receivedAt, receivedAt, ClockSuspect: true, Late: false);
    }
}
