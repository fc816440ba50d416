using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>A clock that was put back while no host ran. While one runs, <see cref="StoreClock"/> sees to it.</content>
internal sealed partial class SqlLaneStore
{
    private const string LastEnd = "(SELECT max(a.finished_at) FROM attempts a WHERE a.message_id = m.id)";

    /// <summary>What was to wait for five minutes waits for five minutes from now, and not until the clock has caught up. What was due stays due.</summary>
    private static void AfterClockWasSetBack(StoreSession session, DateTimeOffset now)
    {
        foreach (var (lane, wait) in session.Query(
            $"""
            SELECT l.due_at, l.since, {LastEnd}, l.destination, l.subject FROM lanes l
            JOIN messages m ON m.destination = l.destination AND m.subject = l.subject AND m.number = l.head AND m.state = 'queued' WHERE l.due_at > ?1
            """,
            row => (Lane: new LaneKey(row.GetString(3), row.GetString(4)), Wait: WaitSetInTheFuture(row, now)), now.ToStored()))
        {
            if (wait is { } left)
            {
                session.Execute("UPDATE lanes SET due_at = ?3 WHERE destination = ?1 AND subject = ?2", lane.Destination, lane.Subject, (now + left).ToStored());
            }
        }

        foreach (var (alarm, wait) in session.Query(
            $"SELECT o.due_at, m.created_at, {LastEnd}, m.id FROM overtakers o JOIN messages m ON m.id = o.message_id WHERE o.due_at > ?1",
            row => (Alarm: row.GetString(3), Wait: WaitSetInTheFuture(row, now)), now.ToStored()))
        {
            if (wait is { } left)
            {
                session.Execute("UPDATE overtakers SET due_at = ?2 WHERE message_id = ?1", alarm, (now + left).ToStored());
            }
        }
    }

    /// <summary>How long it was to wait when its due time was set; null where that was not later than now.</summary>
    /// <param name="row">When it is due; when it came to wait; when its last attempt ended.</param>
    private static TimeSpan? WaitSetInTheFuture(StoredRow row, DateTimeOffset now)
    {
        var (due, since, ended) = (row.GetInstant(0), row.GetInstant(1), row.GetInstantOrNull(2));
        var set = ended > since ? ended.Value : since;
        return set > now && set <= due ? due - set : null;
    }
}
