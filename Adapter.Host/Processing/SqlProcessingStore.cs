using System.Security.Cryptography;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Processing;

/// <inheritdoc cref="IProcessingStore"/>
/// <remarks>How entries that wait are told from the others, each engine does in its own way.</remarks>
internal abstract class SqlProcessingStore(StoreWriter writer, StoreDatabase database, IOptions<JourneyOptions> options, ICrashPoint crash, TimeProvider time)
    : IProcessingStore
{
    private static readonly TimeSpan OvertakesAfter = TimeSpan.FromSeconds(1);

    /// <summary>Reads the first ?1 entries that wait, in their order.</summary>
    protected abstract string Waiting { get; }

    /// <summary>The columns that <see cref="Waiting"/> reads.</summary>
    protected const string Columns = "position, kind, source, route, received_at, body";

    public Task<IReadOnlyList<JournalEntry>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<JournalEntry>>(session.Query(Waiting, ReadEntry, most));
    }

    public Task<StoredState> LoadAsync(Touched touched, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        // A day more than any report can look back.
        var horizon = (touched.Since - options.Value.Horizon - TimeSpan.FromDays(1)).ToStored();
        var named = touched.Manifests.Count == 0 ? [] : session.Query(
            "SELECT subject FROM subjects WHERE kind = 'Journey' AND manifest_number IN (SELECT value FROM json_each(?1))",
            row => Subject.Parse(row.GetString(0)), StoreSession.List(touched.Manifests));
        var bindings = session.Query(
            """
            SELECT lock, journey_id, container, starts_at, ends_at FROM bindings
            WHERE (lock IN (SELECT value FROM json_each(?1)) OR journey_id IN (SELECT value FROM json_each(?2))) AND (ends_at IS NULL OR ends_at > ?3)
            """,
            row => new Binding(LockId.Parse(row.GetString(0)), row.GetString(1), row.GetStringOrNull(2), row.GetInstant(3), row.GetInstantOrNull(4)),
            StoreSession.List(touched.Locks.Select(l => l.Value)), StoreSession.List(touched.JourneyIds), horizon);

        var subjects = StoreSession.List(
            touched.Locks.Select(l => Subject.Of(l).ToString())
                .Concat(touched.JourneyIds.Concat(bindings.Select(b => b.JourneyId)).Select(id => Subject.OfJourney(id).ToString()))
                .Concat(touched.Manifests.Select(Subject.OfManifest).Concat(named).Select(s => s.ToString()))
                .Distinct(StringComparer.Ordinal));
        var states = session.Query(
            "SELECT state, version FROM subjects WHERE subject IN (SELECT value FROM json_each(?1))",
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), JourneyJson.Default.SubjectState)! with { Version = row.GetInt64(1) },
            subjects);

        var idle = touched.NewlyBound.Count == 0 ? [] : session.Query(
            """
            SELECT j.position, j.kind, j.source, j.route, j.received_at, j.body FROM idle_reports i JOIN journal j ON j.position = i.position
            WHERE i.lock IN (SELECT value FROM json_each(?1)) AND i.effective_at >= ?2 ORDER BY j.position
            """,
            ReadEntry, StoreSession.List(touched.NewlyBound.Select(l => l.Value)), (touched.Since - options.Value.AttachWindow - TimeSpan.FromHours(1)).ToStored());

        var numbers = session.Query(
            "SELECT destination, subject, last_number FROM lanes WHERE subject IN (SELECT value FROM json_each(?1)) AND destination IN (SELECT name FROM destinations)",
            row => ((row.GetString(0), Subject.Parse(row.GetString(1))), row.GetInt64(2)), subjects).ToDictionary(n => n.Item1, n => n.Item2);
        var superseded = session.Query(
            "SELECT supersedes, id FROM messages WHERE supersedes IS NOT NULL AND subject IN (SELECT value FROM json_each(?1))",
            row => (Old: row.GetString(0), New: row.GetString(1)), subjects).ToDictionary(s => s.Old, s => s.New, StringComparer.Ordinal);
        return Task.FromResult(new StoredState(states, bindings, idle, numbers) { Superseded = superseded });
    }

    public Task SaveAsync(ProcessedBatch batch, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Serialised here, so that the writer spends its commit on rows alone.
        var states = batch.Subjects.Select(s => (s.State, Json: JsonSerializer.SerializeToUtf8Bytes(s.State, JourneyJson.Default.SubjectState))).ToList();
        var messages = batch.Subjects.SelectMany(s => s.Messages)
            .Select(m => (Message: m, Source: JsonSerializer.SerializeToUtf8Bytes(m.Source, ProcessingJson.Default.OutgoingEvent), Hash: HashOf(m.Body))).ToList();
        return writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            // Ends before beginnings: a lock may pass from one journey to the next within a batch.
            foreach (var binding in batch.Bindings.OrderBy(b => b.EndsAt is null))
            {
                SaveBinding(session, binding);
            }

            foreach (var (state, json) in states)
            {
                SaveState(session, state, json, now);
            }

            crash.Reached(CrashPoints.BatchStatesSaved);
            foreach (var (message, source, hash) in messages)
            {
                SaveMessage(session, message, source, hash, now);
            }

            foreach (var report in batch.Idle)
            {
                session.Execute(
                    "INSERT INTO idle_reports (lock, effective_at, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    report.Report.Lock.Value, report.Timing.At.ToStored(), report.Entry);
            }

            foreach (var @lock in batch.Idle.Select(r => r.Report.Lock).Distinct())
            {
                session.Execute("DELETE FROM idle_reports WHERE lock = ?1 AND effective_at < ?2", @lock.Value, (batch.Since - options.Value.AttachWindow - TimeSpan.FromHours(1)).ToStored());
            }

            foreach (var report in batch.Attached)
            {
                session.Execute(
                    "DELETE FROM idle_reports WHERE lock = ?1 AND effective_at = ?2 AND position = ?3",
                    report.Report.Lock.Value, report.Timing.At.ToStored(), report.Entry);
            }

            foreach (var result in batch.Results)
            {
                session.Execute(
                    "INSERT INTO entry_results (position, accepted, code, text) VALUES (?1, ?2, ?3, ?4)", result.Position, result.Accepted, result.Code, result.Text);
            }

            crash.Reached(CrashPoints.BatchBeforeCheckpoint);
            TakeAll(session, batch.Entries);
        }, cancellationToken);
    }

    public Task ParkAsync(JournalEntry entry, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            TakeAll(session, [entry.Position]);
            session.Execute("INSERT INTO parked_entries (position, parked_at, reason) VALUES (?1, ?2, ?3)", entry.Position, time.GetUtcNow().ToStored(), reason);
            crash.Reached(CrashPoints.EntryParking);
        }, cancellationToken);

    private void TakeAll(StoreSession session, IReadOnlyList<long> entries)
    {
        if (!Take(session, entries))
        {
            throw new StoreUnavailableException("Somebody else has decided one of these entries since they were claimed. Only one processor may run on a store.");
        }
    }

    /// <summary>Claims entries by their state, neither decided nor parked for good, within the commit that decides them; they wait no longer.</summary>
    /// <returns>False where one of them is not there to be claimed any more.</returns>
    protected abstract bool Take(StoreSession session, IReadOnlyList<long> entries);

    private static JournalEntry ReadEntry(StoredRow row) => new(
        row.GetInt64(0), Enum.Parse<EntryKind>(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInstant(4), row.GetFieldValue<byte[]>(5));

    /// <summary>A binding that was called off before it began holds nothing, so another may take its place; nothing else is ever replaced.</summary>
    private static void SaveBinding(StoreSession session, Binding binding)
    {
        var saved = session.Execute(
            """
            INSERT INTO bindings (lock, starts_at, ends_at, journey_id, container) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (lock, starts_at) DO UPDATE SET ends_at = excluded.ends_at, journey_id = excluded.journey_id, container = excluded.container
            WHERE bindings.journey_id = excluded.journey_id OR bindings.ends_at <= bindings.starts_at
            """,
            binding.Lock.Value, binding.StartsAt.ToStored(), binding.EndsAt.ToStored(), binding.JourneyId, binding.Container);
        if (saved == 0)
        {
            throw new InvalidOperationException($"Lock {binding.Lock} is bound to another journey from {binding.StartsAt:O} on.");
        }
    }

    private static void SaveState(StoreSession session, SubjectState state, byte[] json, DateTimeOffset now)
    {
        var registration = state.Journey?.Registration;
        var saved = session.Execute(
            """
            INSERT INTO subjects (subject, kind, version, status, mrn, manifest_number, updated_at, state, due_at) VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (subject) DO UPDATE SET version = subjects.version + 1, status = excluded.status, mrn = excluded.mrn,
                manifest_number = excluded.manifest_number, updated_at = excluded.updated_at, state = excluded.state, due_at = excluded.due_at
            WHERE subjects.version = ?3
            """,
            state.Subject.ToString(), state.Subject.Kind.ToString(), state.Version, JourneyStatus.Of(state), registration?.Mrn, registration?.ManifestNumber,
            now.ToStored(), json, state.NextDue.ToStored());
        if (saved == 0)
        {
            throw new StoreUnavailableException($"{state.Subject} was changed by somebody else since version {state.Version} was read. Only one processor may run on a store.");
        }
    }

    private static void SaveMessage(StoreSession session, MappedMessage message, byte[] source, string? hash, DateTimeOffset now)
    {
        var (destination, subject, mapped) = (message.Destination.Name, message.Subject.ToString(), message.Body is not null);
        if (mapped && message.Destination.CoalescesPositions && message.Decision is { Kind: EventKinds.Position, Lock: { } @lock })
        {
            Coalesce(session, destination, subject, Positions.KeyOf(@lock), now);
        }

        session.Execute(
            """
            INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state,
                                  corrects, document, doc_version, source, soap, action, body, body_sha256, problem)
            VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """,
            message.Id, destination, subject, message.Number, message.DecisionKey, message.Decision.Kind, message.Decision.Seen.At.ToStored(), now.ToStored(),
            message.Entry, mapped ? "queued" : "unmapped", message.Corrects, message.Document, message.DocumentVersion, source,
            message.Destination.Soap.ToString(), message.Destination.Action, message.Body?.ToArray(), hash, message.Problem);
        // A lane with nothing waiting takes the message as its head; elsewhere it queues behind.
        session.Execute(
            """
            INSERT INTO lanes (destination, subject, last_number, head, state, due_at, attempts, tries, reason, since, cause) VALUES (?1, ?2, ?3, ?3, ?4, ?5, 0, 0, ?6, ?7, ?8)
            ON CONFLICT (destination, subject) DO UPDATE SET last_number = excluded.last_number,
                head     = coalesce(lanes.head, excluded.head),
                state    = CASE WHEN lanes.head IS NULL THEN excluded.state ELSE lanes.state END,
                due_at   = CASE WHEN lanes.head IS NULL THEN excluded.due_at ELSE lanes.due_at END,
                attempts = CASE WHEN lanes.head IS NULL THEN 0 ELSE lanes.attempts END,
                tries    = CASE WHEN lanes.head IS NULL THEN 0 ELSE lanes.tries END,
                reason   = CASE WHEN lanes.head IS NULL THEN excluded.reason ELSE lanes.reason END,
                since    = CASE WHEN lanes.head IS NULL THEN excluded.since ELSE lanes.since END,
                cause    = CASE WHEN lanes.head IS NULL THEN excluded.cause ELSE lanes.cause END
            """,
            destination, subject, message.Number, mapped ? "waiting" : "parked", mapped ? now.ToStored() : null, message.Problem, now.ToStored(),
            mapped || message.Problem is null ? null : Cause.Of(message.Problem));
        if (message.OvertakingBody is { } overtaking)
        {
            // In a lane that flows its turn comes before that.
            session.Execute(
                """
                INSERT INTO overtakers (message_id, destination, subject, number, state, due_at, attempts, tries, body)
                SELECT ?1, destination, subject, ?4, 'waiting', ?5, 0, 0, ?6 FROM lanes WHERE destination = ?2 AND subject = ?3 AND head <> ?4
                """,
                message.Id, destination, subject, message.Number, (now + OvertakesAfter).ToStored(), overtaking.ToArray());
        }
    }

    /// <summary>Earlier positions of the lock that wait behind the head go no more: what counts is where it is. The head, and what was attempted, goes its way.</summary>
    private static void Coalesce(StoreSession session, string destination, string subject, string key, DateTimeOffset now) =>
        session.Execute(
            """
            UPDATE messages SET state = 'coalesced', settled_at = ?4
            WHERE destination = ?1 AND subject = ?2 AND number > (SELECT head FROM lanes WHERE destination = ?1 AND subject = ?2)
              AND kind = 'POSITION' AND substr(decision_key, 1, length(?3)) = ?3 AND state IN ('queued', 'unmapped') AND in_doubt = 0
              AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.message_id = messages.id)
            """,
            destination, subject, key, now.ToStored());

    private static string? HashOf(ReadOnlyMemory<byte>? body) => body is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) : null;
}
