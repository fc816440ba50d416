namespace Adapter.Host.Journeys;

/// <summary>The displayed state of a subject, derived from its milestones and never stored as truth.</summary>
internal static class JourneyStatus
{
    public static string Of(SubjectState state) => state switch
    {
        { Subject.Kind: SubjectKind.Manifest } => "manifest",
        { Journey: null } => state.Findings.Any(f => f.State is FindingState.Open or FindingState.Confirmed) ? "suspicious" : "idle",
        { Journey.Closing.Cancelled: true } => "cancelled",
        { Journey.Closing: not null } => "closed",
        { Journey.SuspendedAt: not null } => "suspended",
        _ when Milestones.Unsealed(state).Earliest is not null => "unsealed",
        _ when Milestones.Arrived(state).Earliest is not null => "arrived",
        _ when Milestones.Departed(state).Earliest is not null => "under-way",
        _ when Milestones.Sealed(state).Earliest is not null => "sealed",
        _ => "registered",
    };
}
