namespace Adapter.Host.Journeys;

/// <summary>The displayed state of a subject, derived from its milestones and never stored as truth.</summary>
internal static class JourneyStatus
{
    public static string Of(SubjectState state) => state switch
    {
        { Journey: null } => "idle",
        { Journey.Closing: not null } => "closed",
        _ when Milestones.Unsealed(state).Earliest is not null => "unsealed",
        _ when Milestones.Arrived(state).Earliest is not null => "arrived",
        _ when Milestones.Departed(state).Earliest is not null => "under-way",
        _ when Milestones.Sealed(state).Earliest is not null => "sealed",
        _ => "registered",
    };
}
