using Adapter.Contracts.Customs;

namespace Adapter.Host.Journeys.Facts;

/// <summary>Goods flow: what somebody saw of a journey. What is null or empty was not looked at.</summary>
/// <param name="Office">Code of the office at which it was seen, as the observer has it.</param>
/// <param name="By">The principal who told us.</param>
internal sealed record Observation(
    Side Side, Occasion Occasion, string? Office, DateTimeOffset At, DateTimeOffset ReceivedAt, string By, long Entry,
    string? VehiclePlate, IReadOnlyList<ObservedContainer> Containers, int? PackageCount, decimal? GrossMassKg, string? Remark)
{
    /// <summary>Whether an examination found the goods as declared; null where that was not said.</summary>
    public bool? Conform { get; init; }

    public static Observation Of(Side side, Occasion occasion, string? office, DateTimeOffset at, SeenCargo seen, string? remark, Journal.JournalEntry entry) => new(
        side, occasion, office, at, entry.ReceivedAt, entry.Source, entry.Position, seen.VehiclePlate,
        [.. (seen.Containers ?? []).Select(c => new ObservedContainer(c.Number, [.. (c.Seals ?? []).Select(s => new ObservedSeal(s.Number, s.Condition))], c.PackageCount, c.GrossMassKg))],
        seen.PackageCount, seen.GrossMassKg, remark);

    public Sighting AsSighting() => new(Lock: null, At, ReceivedAt, Late: false, ClockSuspect: false, Where: null, Entry);

    /// <summary>The same observation told again has no second effect.</summary>
    public bool SaysTheSame(Observation other) =>
        this with { ReceivedAt = other.ReceivedAt, By = other.By, Entry = other.Entry, Containers = other.Containers } == other
        && Containers.Count == other.Containers.Count && Containers.Zip(other.Containers).All(pair => pair.First.SaysTheSame(pair.Second));
}

/// <param name="Seals">All seals seen on it; empty where nobody looked.</param>
internal sealed record ObservedContainer(string Number, IReadOnlyList<ObservedSeal> Seals, int? PackageCount, decimal? GrossMassKg)
{
    public bool SaysTheSame(ObservedContainer other) => this with { Seals = other.Seals } == other && Seals.SequenceEqual(other.Seals);
}

internal sealed record ObservedSeal(string Number, SealCondition Condition);
