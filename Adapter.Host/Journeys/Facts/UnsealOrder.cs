using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Facts;

/// <summary>An order to open seals.</summary>
/// <param name="Id">The caller's number of it.</param>
/// <param name="Officer">Who ordered it, as the caller refers to him.</param>
/// <param name="Locks">Locks that may be opened; empty for all of the journey.</param>
/// <param name="Office">Code of the office in whose area; null where a place or nothing is named.</param>
/// <param name="Place">Centre of another area; null where an office or nothing is named.</param>
internal sealed record UnsealOrder(
    string Id, string Officer, UnsealPurpose Purpose, IReadOnlyList<LockId> Locks, string? Office, GeoPoint? Place, double RadiusMetres,
    DateTimeOffset From, DateTimeOffset Until, DateTimeOffset ReceivedAt, string By, long Entry)
{
    public static UnsealOrder Of(AuthoriseUnsealRequest asked, Journal.JournalEntry entry) => new(
        asked.OrderId, asked.Officer, asked.Purpose, [.. (asked.Locks ?? []).Select(LockId.Parse)], asked.Office,
        GeoPoint.From(asked.Latitude, asked.Longitude), asked.RadiusMetres ?? 500,
        asked.From ?? entry.ReceivedAt, asked.Until, entry.ReceivedAt, entry.Source, entry.Position);

    /// <summary>The lock may be opened at that time; where is another question.</summary>
    public bool Covers(LockId @lock, DateTimeOffset at) => at >= From && at <= Until && (Locks.Count == 0 || Locks.Contains(@lock));

    public bool SaysTheSame(UnsealOrder other) =>
        // An order without a beginning begins with its receipt, so the same order sent again begins later.
        this with { ReceivedAt = other.ReceivedAt, By = other.By, Entry = other.Entry, Locks = other.Locks, From = other.From } == other
        && Locks.SequenceEqual(other.Locks) && (From == other.From || From == ReceivedAt);
}
