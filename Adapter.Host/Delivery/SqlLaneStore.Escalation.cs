using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Lanes that have waited for a person for too long.</content>
internal sealed partial class SqlLaneStore
{
    /// <summary>Lanes called out at a time, so that a long outage does not hold the writer.</summary>
    private const int MostEscalations = 1000;

    /// <summary>The step that a lane has come to at ?1: 0 to 3.</summary>
    private const string StepNow = "CASE WHEN ?1 >= since + ?4 THEN 3 WHEN ?1 >= since + ?3 THEN 2 WHEN ?1 >= since + ?2 THEN 1 ELSE 0 END";

    private static readonly TimeSpan[] EscalationSteps = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7)];

    public Task<IReadOnlyList<Escalation>> EscalateAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var due = session.Query(
                $"""
                SELECT destination, subject, cause, reason, {StepNow} AS step FROM lanes
                WHERE state IN ('parked', 'unknown') AND since <= ?1 - ?2 AND escalated < {StepNow}
                ORDER BY since LIMIT ?5
                """,
                row => (Lane: new LaneKey(row.GetString(0), row.GetString(1)), Cause: row.GetStringOrNull(2), Reason: row.GetStringOrNull(3), Step: row.GetInt32(4)),
                now.ToStored(), Span(EscalationSteps[0]), Span(EscalationSteps[1]), Span(EscalationSteps[2]), MostEscalations);
            foreach (var lane in due)
            {
                session.Execute("UPDATE lanes SET escalated = ?3 WHERE destination = ?1 AND subject = ?2", lane.Lane.Destination, lane.Lane.Subject, lane.Step);
            }

            return (IReadOnlyList<Escalation>)[.. due.GroupBy(lane => (lane.Lane.Destination, lane.Cause, lane.Step))
                .Select(group => new Escalation(group.Key.Destination, group.Key.Cause, group.Key.Step, group.Count(), group.First().Lane.Subject, group.First().Reason))];

            long Span(TimeSpan span) => now.ToStored() - (now - span).ToStored();
        }, cancellationToken);
}
