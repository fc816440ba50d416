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
        var naming = touched.Told.Count == 0 ? [] : session.Query(
            "SELECT subject FROM subjects WHERE kind = 'Journey' AND manifest_number IN (SELECT value FROM json_each(?1))",
            row => Subject.Parse(row.GetString(0)), StoreSession.List(touched.Told));
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
                .Concat(touched.Manifests.Select(Subject.OfManifest).Concat(naming).Select(s => s.ToString()))
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
            SaveBindings(session, batch.Bindings);
            SaveStates(session, states, now);
            crash.Reached(CrashPoints.BatchStatesSaved);
            SaveMessages(session, messages, now);
            SaveIdle(session, batch);
            session.ExecuteEach(
                "INSERT INTO entry_results (position, accepted, code, text) VALUES (?1, ?2, ?3, ?4)",
                [.. batch.Results.Select(result => new object?[] { result.Position, result.Accepted, result.Code, result.Text })]);
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

    private void SaveIdle(StoreSession session, ProcessedBatch batch)
    {
        session.ExecuteEach(
            "INSERT INTO idle_reports (lock, effective_at, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            [.. batch.Idle.Select(report => new object?[] { report.Report.Lock.Value, report.Timing.At.ToStored(), report.Entry })]);
        var forgotten = (batch.Since - options.Value.AttachWindow - TimeSpan.FromHours(1)).ToStored();
        session.ExecuteEach(
            "DELETE FROM idle_reports WHERE lock = ?1 AND effective_at < ?2",
            [.. batch.Idle.Select(report => report.Report.Lock).Distinct().Select(@lock => new object?[] { @lock.Value, forgotten })]);
        session.ExecuteEach(
            "DELETE FROM idle_reports WHERE lock = ?1 AND effective_at = ?2 AND position = ?3",
            [.. batch.Attached.Select(report => new object?[] { report.Report.Lock.Value, report.Timing.At.ToStored(), report.Entry })]);
    }

    /// <summary>A binding that was called off before it began holds nothing, so another may take its place; nothing else is ever replaced.</summary>
    private static void SaveBindings(StoreSession session, IReadOnlyList<Binding> bindings)
    {
        // Ends before beginnings: a lock may pass from one journey to the next within a batch.
        List<Binding> ordered = [.. bindings.OrderBy(b => b.EndsAt is null)];
        var saved = session.ExecuteEach(
            """
            INSERT INTO bindings (lock, starts_at, ends_at, journey_id, container) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (lock, starts_at) DO UPDATE SET ends_at = excluded.ends_at, journey_id = excluded.journey_id, container = excluded.container
            WHERE bindings.journey_id = excluded.journey_id OR bindings.ends_at <= bindings.starts_at
            """,
            [.. ordered.Select(b => new object?[] { b.Lock.Value, b.StartsAt.ToStored(), b.EndsAt.ToStored(), b.JourneyId, b.Container })]);
        foreach (var (binding, rows) in ordered.Zip(saved))
        {
            if (rows == 0)
            {
                throw new InvalidOperationException($"Lock {binding.Lock} is bound to another journey from {binding.StartsAt:O} on.");
            }
        }
    }

    private static void SaveStates(StoreSession session, IReadOnlyList<(SubjectState State, byte[] Json)> states, DateTimeOffset now)
    {
        var saved = session.ExecuteEach(
            """
            INSERT INTO subjects (subject, kind, version, status, mrn, manifest_number, updated_at, state, due_at) VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (subject) DO UPDATE SET version = subjects.version + 1, status = excluded.status, mrn = excluded.mrn,
                manifest_number = excluded.manifest_number, updated_at = excluded.updated_at, state = excluded.state, due_at = excluded.due_at
            WHERE subjects.version = ?3
            """,
            [.. states.Select(s => Values(s.State, s.Json))]);
        foreach (var ((state, _), rows) in states.Zip(saved))
        {
            if (rows == 0)
            {
                throw new StoreUnavailableException($"{state.Subject} was changed by somebody else since version {state.Version} was read. Only one processor may run on a store.");
            }
        }

        object?[] Values(SubjectState state, byte[] json)
        {
            var registration = state.Journey?.Registration;
            return [state.Subject.ToString(), state.Subject.Kind.ToString(), state.Version, JourneyStatus.Of(state), registration?.Mrn, registration?.ManifestNumber, now.ToStored(), json, state.NextDue.ToStored()];
        }
    }

    private static void SaveMessages(StoreSession session, IReadOnlyList<(MappedMessage Message, byte[] Source, string? Hash)> messages, DateTimeOffset now)
    {
        session.ExecuteEach(
            """
            INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state,
                                  corrects, document, doc_version, source, soap, action, body, body_sha256, problem)
            VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """,
            [.. messages.Select(m => new object?[]
            {
                m.Message.Id, m.Message.Destination.Name, m.Message.Subject.ToString(), m.Message.Number, m.Message.DecisionKey, m.Message.Decision.Kind,
                m.Message.Decision.Seen.At.ToStored(), now.ToStored(), m.Message.Entry, m.Message.Body is null ? "unmapped" : "queued", m.Message.Corrects,
                m.Message.Document, m.Message.DocumentVersion, m.Source, m.Message.Destination.Soap.ToString(), m.Message.Destination.Action, m.Message.Body?.ToArray(), m.Hash, m.Message.Problem,
            })]);
        // A lane with nothing waiting takes the message as its head; elsewhere it queues behind.
        session.ExecuteEach(
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
            [.. messages.Select(m => m.Message).Select(m => new object?[]
            {
                m.Destination.Name, m.Subject.ToString(), m.Number, m.Body is null ? "parked" : "waiting", m.Body is null ? null : now.ToStored(), m.Problem, now.ToStored(),
                m.Body is not null || m.Problem is null ? null : Cause.Of(m.Problem),
            })]);
        Coalesce(session, messages.Select(m => m.Message), now);
        // In a lane that flows its turn comes before that.
        session.ExecuteEach(
            """
            INSERT INTO overtakers (message_id, destination, subject, number, state, due_at, attempts, tries, body)
            SELECT ?1, destination, subject, ?4, 'waiting', ?5, 0, 0, ?6 FROM lanes WHERE destination = ?2 AND subject = ?3 AND head <> ?4
            """,
            [.. messages.Select(m => m.Message).Where(m => m.OvertakingBody is not null).Select(m => new object?[]
            {
                m.Id, m.Destination.Name, m.Subject.ToString(), m.Number, (now + OvertakesAfter).ToStored(), m.OvertakingBody!.Value.ToArray(),
            })]);
    }

    /// <summary>Positions of a lock that wait between the head and a newer one go no more: what counts is where it is. The head, and what was attempted, goes its way.</summary>
    private static void Coalesce(StoreSession session, IEnumerable<MappedMessage> messages, DateTimeOffset now) =>
        session.ExecuteEach(
            """
            UPDATE messages SET state = 'coalesced', settled_at = ?4
            WHERE destination = ?1 AND subject = ?2 AND number < ?5 AND number > (SELECT head FROM lanes WHERE destination = ?1 AND subject = ?2)
              AND kind = 'POSITION' AND substr(decision_key, 1, length(?3)) = ?3 AND state IN ('queued', 'unmapped') AND in_doubt = 0
              AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.message_id = messages.id)
            """,
            [.. from message in messages
                where message is { Body: not null, Destination.CoalescesPositions: true, Decision: { Kind: EventKinds.Position, Lock: not null } }
                select new object?[] { message.Destination.Name, message.Subject.ToString(), Positions.KeyOf(message.Decision.Lock!), now.ToStored(), message.Number }]);

    private static string? HashOf(ReadOnlyMemory<byte>? body) => body is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) : null;
}
