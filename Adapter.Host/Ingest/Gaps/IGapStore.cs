using Adapter.Host.Storage;

namespace Adapter.Host.Ingest.Gaps;

/// <summary>Gap records, and the sign of life from which a gap of the host itself is known.</summary>
internal interface IGapStore
{
    /// <summary>Refusals after a longer silence than this open a record of their own.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>Extends the open record that these refusals belong to, or opens one. All or nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was recorded; it may be tried again.</exception>
    Task RecordAsync(IReadOnlyList<Refusals> refusals, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="open">True: only those that nobody has closed.</param>
    /// <param name="before">Only ids below this one.</param>
    Task<IReadOnlyList<Gap>> ListAsync(bool open, long before, int most, CancellationToken cancellationToken);

    /// <summary>Closes a record and writes the audit line in the same commit.</summary>
    /// <returns>False where there is no open record with this id.</returns>
    Task<bool> CloseAsync(long id, Actor by, string reason, CancellationToken cancellationToken);

    Task<long> CountOpenAsync(CancellationToken cancellationToken);

    /// <summary>When the host was last known to listen; null in a new store.</summary>
    Task<DateTimeOffset?> LastListenedAsync(CancellationToken cancellationToken);

    Task ListensAsync(DateTimeOffset at, CancellationToken cancellationToken);
}
