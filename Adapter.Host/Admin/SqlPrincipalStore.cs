using Adapter.Host.Storage;

namespace Adapter.Host.Admin;

/// <inheritdoc cref="IPrincipalStore"/>
internal sealed class SqlPrincipalStore(StoreWriter writer, StoreDatabase database, TimeProvider time) : IPrincipalStore
{
    public Task<string?> AddAsync(string name, IReadOnlyList<string> roles, Actor by, CancellationToken cancellationToken)
    {
        var key = ApiKey.Make();
        return writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var added = session.Execute(
                "INSERT INTO principals (name, roles, key_prefix, key_sha256, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING",
                name, string.Join(',', roles), key.Prefix, key.Sha256, now.ToStored());
            if (added == 0)
            {
                return null;
            }

            AuditTrail.Append(session, now, by, "principal.add", name, string.Join(',', roles));
            return key.Text;
        }, cancellationToken);
    }

    public Task<Principal?> AuthenticateAsync(string key, CancellationToken cancellationToken)
    {
        if (ApiKey.Parse(key) is not { } parsed)
        {
            return Task.FromResult<Principal?>(null);
        }

        using var session = database.OpenForReading();
        var found = session.Query(
            "SELECT name, roles, created_at, disabled_at, key_sha256 FROM principals WHERE key_prefix = ?1 AND disabled_at IS NULL",
            row => (Principal: Read(row), Hash: row.GetString(4)), parsed.Prefix);
        return Task.FromResult(found is [var (principal, hash)] && parsed.Matches(hash) ? principal : null);
    }

    public Task<Principal?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Query("SELECT name, roles, created_at, disabled_at FROM principals WHERE name = ?1", Read, name) is [var found] ? found : null);
    }

    public Task<bool> DisableAsync(string name, Actor by, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            if (session.Execute("UPDATE principals SET disabled_at = ?2 WHERE name = ?1 AND disabled_at IS NULL", name, now.ToStored()) == 0)
            {
                return false;
            }

            AuditTrail.Append(session, now, by, "principal.disable", name, detail: null);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<Principal>> ListAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<Principal>>(session.Query("SELECT name, roles, created_at, disabled_at FROM principals ORDER BY name", Read));
    }

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(long before, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<AuditEntry>>(session.Query(
            "SELECT id, at, actor, action, subject, detail FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            row => new AuditEntry(row.GetInt64(0), row.GetInstant(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetStringOrNull(5)),
            before, most));
    }

    private static Principal Read(StoredRow row) => new(row.GetString(0), row.GetString(1).Split(','), row.GetInstant(2), row.GetInstantOrNull(3));
}
