namespace Adapter.Host.Storage;

/// <summary>Who acts: a named principal, or the host itself.</summary>
internal sealed record Actor(string Name);

/// <summary>One line of the append-only audit trail.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail);

/// <summary>Writes the audit line of an act inside the act's own commit, so that neither exists without the other.</summary>
internal static class AuditTrail
{
    public static void Append(StoreSession session, DateTimeOffset at, Actor actor, string action, string subject, string? detail) =>
        session.Execute(
            "INSERT INTO audit (at, actor, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)", at.ToStored(), actor.Name, action, subject, detail);
}
