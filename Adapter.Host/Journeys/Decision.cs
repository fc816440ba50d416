using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>Something that customs must know, decided from facts.</summary>
/// <param name="Key">Stable: the same happening has the same key however often it is decided again.</param>
/// <param name="Kind">Neutral code as receivers subscribe to it.</param>
internal sealed record Decision(
    string Key, string Kind, bool IsAlarm, int? Episode, Sighting Seen, LockId? Lock, string? SubLock, Office? Office, IReadOnlyList<SourceCode> Codes)
{
    /// <summary>The contradiction that it tells of; null for what happened to a lock or a journey.</summary>
    public FindingInfo? Finding { get; init; }

    /// <summary>The container that it is about where no lock says so.</summary>
    public string? Container { get; init; }

    /// <summary>The vehicle that the goods go on with.</summary>
    public Vehicle? Vehicle { get; init; }

    /// <summary>What somebody said who was there.</summary>
    public ObservationInfo? Observation { get; init; }
}

/// <summary>A decision on its way out.</summary>
/// <param name="Corrects">Key of the decision whose statement this one corrects or withdraws; null for an original.</param>
/// <param name="NotTo">Destinations that know already.</param>
internal sealed record OutgoingDecision(Decision Decision, string? Corrects, bool IsWithdrawal, IReadOnlyList<string> NotTo)
{
    public static OutgoingDecision Original(Decision decision, IReadOnlyList<string> notTo) => new(decision, null, IsWithdrawal: false, notTo);
}
