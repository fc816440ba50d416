namespace Adapter.Host.Admin;

/// <summary>What a principal may do. Each role also reads everything that is not personal, except <see cref="Source"/> and <see cref="Caller"/>, which open the intake and the SOAP services and nothing else.</summary>
internal static class Roles
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Mapper = "mapper";
    public const string Approver = "approver";
    public const string Administrator = "administrator";

    /// <summary>May report as the source, speak for the neighbour or fetch for the receiver whose settings name the principal. Never together with another role.</summary>
    public const string Source = "source";

    /// <summary>May call the SOAP services whose settings name the principal. Never together with another role.</summary>
    public const string Caller = "caller";

    /// <summary>All that open the admin API.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Mapper, Approver, Administrator];
}

/// <summary>A named caller of the admin API.</summary>
internal sealed record Principal(string Name, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt);

/// <summary>Principals with their hashed keys, and the audit trail.</summary>
internal interface IPrincipalStore
{
    /// <summary>Adds a principal and makes its key, which is told this once.</summary>
    /// <returns>The key, or null where the name is taken.</returns>
    Task<string?> AddAsync(string name, IReadOnlyList<string> roles, Storage.Actor by, CancellationToken cancellationToken);

    /// <summary>The principal whose key this is, or null.</summary>
    Task<Principal?> AuthenticateAsync(string key, CancellationToken cancellationToken);

    /// <summary>The principal of this name, disabled or not, or null.</summary>
    Task<Principal?> FindAsync(string name, CancellationToken cancellationToken);

    /// <returns>False where there is no such principal.</returns>
    Task<bool> DisableAsync(string name, Storage.Actor by, CancellationToken cancellationToken);

    Task<IReadOnlyList<Principal>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Audit lines, newest first, older than <paramref name="before"/>.</summary>
    Task<IReadOnlyList<Storage.AuditEntry>> AuditAsync(long before, int most, CancellationToken cancellationToken);
}
