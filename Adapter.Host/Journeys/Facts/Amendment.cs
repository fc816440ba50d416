using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys.Facts;

/// <summary>One change of the registration, for people to read; the registration itself holds the result.</summary>
/// <param name="Changes">One plain sentence per change, with the old and the new value.</param>
internal sealed record Amendment(DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Changes, long Entry)
{
    /// <summary>What was registered until then: what happened before is judged by it.</summary>
    public JourneyRegistration? Before { get; init; }

    public IReadOnlyList<VehicleChange> Vehicles { get; init => field = value ?? []; } = [];
}

/// <summary>Goods go on with another vehicle.</summary>
/// <param name="Container">The container that another vehicle takes over; null where the vehicle of the whole movement is another.</param>
internal sealed record VehicleChange(string? Container, Vehicle Now);
