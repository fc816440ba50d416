using Adapter.Host.Storage;

namespace Adapter.Host.Mapping.Versions;

/// <summary>Which step a version may take. Decides and does nothing else.</summary>
internal static class MappingLife
{
    public static bool IsEditable(MappingState state) => state is MappingState.Draft or MappingState.Checked or MappingState.Rehearsed;

    /// <summary>The state after a step, or why it cannot be taken.</summary>
    public static (MappingState? Next, string? Refusal) After(MappingVersion version, MappingStep step, Actor actor) => (step, version.State) switch
    {
        (MappingStep.Submit, MappingState.Rehearsed) => (MappingState.Submitted, null),
        (MappingStep.Submit, MappingState.Draft) => Refused("Something is wrong with it: correct what the check says first."),
        (MappingStep.Submit, MappingState.Checked) => Refused("Rehearse it on recorded traffic first."),
        (MappingStep.Return, MappingState.Submitted or MappingState.Approved) => (MappingState.Draft, null),
        (MappingStep.Approve, MappingState.Submitted) when actor.Name == version.SubmittedBy || version.Authors.Contains(actor.Name) =>
            Refused($"{actor.Name} wrote or submitted it; another person approves."),
        (MappingStep.Approve, MappingState.Submitted) => (MappingState.Approved, null),
        (MappingStep.Publish, MappingState.Approved) => (MappingState.Live, null),
        (MappingStep.Rollback, MappingState.Superseded) => (MappingState.Live, null),
        (MappingStep.Rollback, _) => Refused("Only a version that was live can be rolled back to."),
        (MappingStep.Publish, _) => Refused("Another person has to approve it first."),
        _ => Refused("It is not in the state for that."),
    };

    private static (MappingState?, string) Refused(string why) => (null, why);
}
