using System.Text.Json;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;

namespace Adapter.Host.Processing;

/// <inheritdoc cref="IDeadlineStore"/>
internal sealed class SqlDeadlineStore(StoreWriter writer, StoreDatabase database, IJournalRows journal, JournalSignal signal) : IDeadlineStore
{
    private const string Source = "clock";

    public async Task<int> FireAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        // Looked for beside the writer: mostly nothing is due.
        using (var session = database.OpenForReading())
        {
            if (session.Number("SELECT 1 FROM subjects WHERE due_at <= ?1 LIMIT 1", now.ToStored()) is null)
            {
                return 0;
            }
        }

        var fired = await writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var due = session.Query(
                "SELECT subject, due_at FROM subjects WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
                row => (Subject: Subject.Parse(row.GetString(0)), Due: row.GetInstant(1)), now.ToStored(), most);
            foreach (var (subject, at) in due)
            {
                // Two hosts may look at the same moment; the one that stops the clock journals it.
                if (session.Execute("UPDATE subjects SET due_at = NULL WHERE subject = ?1 AND due_at IS NOT NULL", subject.ToString()) == 0)
                {
                    continue;
                }

                var body = JsonSerializer.SerializeToUtf8Bytes(new DeadlineDue(subject.Id, at), JourneyJson.Default.DeadlineDue);
                journal.Append(session, new ReceivedRecord(EntryKind.Deadline, Source, Operations.Deadline, now, body, [], Identity: null, Quarantine: null));
            }

            return due.Count;
        }, cancellationToken);
        if (fired > 0)
        {
            signal.Appended();
        }

        return fired;
    }
}
