using Adapter.Host.Storage;

namespace Adapter.Host.Mapping.Versions;

/// <inheritdoc cref="IMappingStore"/>
internal sealed class SqlMappingStore(StoreWriter writer, StoreDatabase database, TimeProvider time) : IMappingStore
{
    private const string Columns =
        "document, version, revision, state, text, files, authors, saved_at, rehearsal, submitted_by, submitted_at, approved_by, approved_at";

    /// <summary>Names with spaces, which no person can have.</summary>
    private static readonly Actor Program = new("this program");
    private static readonly Actor Release = new("its release");

    public Task SeedAsync(IReadOnlyList<ShippedMapping> shipped, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            foreach (var document in shipped)
            {
                var (known, last) = Known(session, document);
                if (known)
                {
                    continue;
                }

                var now = time.GetUtcNow();
                var state = last == 0 ? MappingState.Live : MappingState.Checked;
                session.Execute(
                    """
                    INSERT INTO mapping_versions (document, version, revision, state, text, files, authors, saved_at, submitted_by, submitted_at, approved_by, approved_at)
                    VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9)
                    """,
                    document.Document, last + 1, Stored(state), document.Text, MappingJson.Of(document.Files), Authors([Program.Name]), now.ToStored(),
                    last == 0 ? Program.Name : null, last == 0 ? now.ToStored() : null, last == 0 ? Release.Name : null);
                if (last == 0)
                {
                    Publication(session, now, document.Document, 1, Program);
                }

                AuditTrail.Append(session, now, Program, "mapping.ship", $"{document.Document}@{last + 1}", detail: null);
            }
        }, cancellationToken);

    public Task<IReadOnlyList<MappingVersion>> ListAsync(string? document, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<MappingVersion>>(document is null
            ? session.Query($"SELECT {Columns} FROM mapping_versions ORDER BY document, version DESC", Read)
            : session.Query($"SELECT {Columns} FROM mapping_versions WHERE document = ?1 ORDER BY version DESC", Read, document));
    }

    public Task<MappingVersion?> FindAsync(string document, int version, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(Find(session, document, version));
    }

    public Task<(IReadOnlyList<MappingVersion> Live, long Generation)> LiveAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        // The number first: what goes live in between is then read again, never missed.
        var generation = Generation(session);
        return Task.FromResult<(IReadOnlyList<MappingVersion>, long)>(
            (session.Query($"SELECT {Columns} FROM mapping_versions WHERE state = 'live' ORDER BY document", Read), generation));
    }

    public Task<long> GenerationAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(Generation(session));
    }

    public Task<MappingVersion> AddAsync(MappingDraft draft, Actor actor, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var version = (int)session.Number("SELECT coalesce(max(version), 0) + 1 FROM mapping_versions WHERE document = ?1", draft.Document)!;
            session.Execute(
                "INSERT INTO mapping_versions (document, version, revision, state, text, files, authors, saved_at) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7)",
                draft.Document, version, Stored(draft.IsChecked ? MappingState.Checked : MappingState.Draft), draft.Text, MappingJson.Of(draft.Files), Authors([actor.Name]), now.ToStored());
            AuditTrail.Append(session, now, actor, "mapping.save", $"{draft.Document}@{version}.1", reason);
            return Find(session, draft.Document, version)!;
        }, cancellationToken);

    public Task<MappingMove> SaveAsync(int version, int revision, MappingDraft draft, Actor actor, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(
            draft.Document, version, revision,
            found => MappingLife.IsEditable(found.State) ? null : $"It is {Stored(found.State)}, and its text is frozen. Send it back, or make another version.",
            (session, found, now) =>
            {
                session.Execute(
                    "UPDATE mapping_versions SET state = ?3, text = ?4, files = ?5, authors = ?6, saved_at = ?7, rehearsal = NULL WHERE document = ?1 AND version = ?2",
                    draft.Document, version, Stored(draft.IsChecked ? MappingState.Checked : MappingState.Draft), draft.Text, MappingJson.Of(draft.Files),
                    Authors(found.Authors.Union([actor.Name], StringComparer.Ordinal)), now.ToStored());
                AuditTrail.Append(session, now, actor, "mapping.save", $"{draft.Document}@{version}.{revision + 1}", reason);
            },
            cancellationToken);

    public Task<MappingMove> RehearsedAsync(string document, int version, int revision, string summary, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            document, version, revision,
            found => found.State != MappingState.Draft && MappingLife.IsEditable(found.State) ? null : $"It is {Stored(found.State)}.",
            (session, _, now) =>
            {
                session.Execute("UPDATE mapping_versions SET state = 'rehearsed', rehearsal = ?3 WHERE document = ?1 AND version = ?2", document, version, summary);
                AuditTrail.Append(session, now, actor, "mapping.rehearse", $"{document}@{version}.{revision}", summary);
            },
            cancellationToken);

    public Task<MappingMove> MoveAsync(string document, int version, int revision, MappingStep step, Actor actor, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(
            document, version, revision,
            found => MappingLife.After(found, step, actor).Refusal,
            (session, found, now) =>
            {
                var next = MappingLife.After(found, step, actor).Next!.Value;
                if (next == MappingState.Live)
                {
                    session.Execute("UPDATE mapping_versions SET state = 'superseded', revision = revision + 1 WHERE document = ?1 AND state = 'live'", document);
                    Publication(session, now, document, version, actor);
                }

                var moved = step switch
                {
                    MappingStep.Submit => found with { SubmittedBy = actor.Name, SubmittedAt = now },
                    MappingStep.Approve => found with { ApprovedBy = actor.Name, ApprovedAt = now },
                    MappingStep.Return => found with { SubmittedBy = null, SubmittedAt = null, ApprovedBy = null, ApprovedAt = null },
                    _ => found,
                };
                session.Execute(
                    "UPDATE mapping_versions SET state = ?3, submitted_by = ?4, submitted_at = ?5, approved_by = ?6, approved_at = ?7 WHERE document = ?1 AND version = ?2",
                    document, version, Stored(next), moved.SubmittedBy, moved.SubmittedAt.ToStored(), moved.ApprovedBy, moved.ApprovedAt.ToStored());
                AuditTrail.Append(session, now, actor, $"mapping.{step.ToString().ToLowerInvariant()}", $"{document}@{version}.{revision}", reason);
            },
            cancellationToken);

    public Task<bool> AddTargetAsync(MappingTarget target, Actor actor, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var files = MappingJson.Of(target.Files);
            var added = session.Execute(
                "INSERT INTO mapping_targets (name, root, files, added_by, added_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING",
                target.Name, target.Root, files, actor.Name, now.ToStored());
            if (added == 0)
            {
                return session.Number("SELECT count(*) FROM mapping_targets WHERE name = ?1 AND root = ?2 AND files = ?3", target.Name, target.Root, files) == 1;
            }

            AuditTrail.Append(session, now, actor, "mapping.target", target.Name, reason);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<MappingTarget>> TargetsAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<MappingTarget>>(session.Query(
            "SELECT name, root, files FROM mapping_targets ORDER BY name", row => new MappingTarget(row.GetString(0), row.GetString(1), MappingJson.Files(row.GetString(2)))));
    }

    /// <param name="refuse">Why nothing may be written; null where it may.</param>
    private Task<MappingMove> ChangeAsync(
        string document, int version, int revision, Func<MappingVersion, string?> refuse, Action<StoreSession, MappingVersion, DateTimeOffset> change, CancellationToken cancellationToken) =>
        writer.WriteAsync<MappingMove>(WriteUrgency.Ordinary, session =>
        {
            if (Find(session, document, version) is not { } found)
            {
                return new MappingMove.NotFound();
            }

            if (found.Revision == revision && refuse(found) is { } refusal)
            {
                return new MappingMove.NotPossible(refusal);
            }

            // The revision is taken before anything else is written: of two hosts that act at once, one gets it.
            if (session.Execute("UPDATE mapping_versions SET revision = revision + 1 WHERE document = ?1 AND version = ?2 AND revision = ?3", document, version, revision) == 0)
            {
                return new MappingMove.Changed(Find(session, document, version)!.Revision);
            }

            change(session, found, time.GetUtcNow());
            return new MappingMove.Done(Find(session, document, version)!);
        }, cancellationToken);

    private static (bool Known, int Last) Known(StoreSession session, ShippedMapping document) =>
        (session.Number("SELECT count(*) FROM mapping_versions WHERE document = ?1 AND text = ?2", document.Document, document.Text) > 0,
            (int)session.Number("SELECT coalesce(max(version), 0) FROM mapping_versions WHERE document = ?1", document.Document)!);

    private static void Publication(StoreSession session, DateTimeOffset at, string document, int version, Actor by) =>
        session.Execute("INSERT INTO mapping_publications (document, version, at, by) VALUES (?1, ?2, ?3, ?4)", document, version, at.ToStored(), by.Name);

    private static long Generation(StoreSession session) => session.Number("SELECT (SELECT coalesce(max(id), 0) FROM mapping_publications) + (SELECT count(*) FROM mapping_targets)") ?? 0;

    private static MappingVersion? Find(StoreSession session, string document, int version) =>
        session.Query($"SELECT {Columns} FROM mapping_versions WHERE document = ?1 AND version = ?2", Read, document, version).FirstOrDefault();

    private static MappingVersion Read(StoredRow row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt32(2), Enum.Parse<MappingState>(row.GetString(3), ignoreCase: true), row.GetString(4), MappingJson.Files(row.GetString(5)),
        row.GetString(6).Split('|', StringSplitOptions.RemoveEmptyEntries), row.GetInstant(7), row.GetStringOrNull(8), row.GetStringOrNull(9), row.GetInstantOrNull(10),
        row.GetStringOrNull(11), row.GetInstantOrNull(12));

    private static string Stored(MappingState state) => state.ToString().ToLowerInvariant();

    private static string Authors(IEnumerable<string> names) => $"|{string.Join('|', names)}|";
}
