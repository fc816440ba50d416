using Adapter.Host.Mapping.Versions;
using Adapter.Mappings;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Admin.Api;

/// <param name="Document">The document's JSON as a text: lines and columns of problems refer to it.</param>
/// <param name="Files">Files of its examples, text by name.</param>
internal sealed record MappingText(string Document, Dictionary<string, string>? Files, string? Reason);

/// <param name="Revision">The revision that the change was made from.</param>
internal sealed record MappingEdit(int Revision, string Document, Dictionary<string, string>? Files, string? Reason);

/// <param name="Event">An event as examples have it, as a text.</param>
internal sealed record MappingTrial(string Document, string Event);

internal sealed record MappingAct(int Revision, string Reason);

/// <param name="Like">The document whose recorded traffic is used; left out, the document's own.</param>
/// <param name="From">First journal position; left out, the beginning.</param>
/// <param name="To">Last journal position; left out, the end.</param>
/// <param name="Masks">Elements whose differences do not count.</param>
internal sealed record RehearsalAct(string? Like, long? From, long? To, IReadOnlyList<string>? Masks);

internal sealed record NewMappingTarget(string Name, string Root, Dictionary<string, string> Files, string Reason);

internal sealed record MappingTargetView(string Name, string Root, bool Ships, IReadOnlyList<string> Files);

/// <param name="Kept">False where something is wrong with it.</param>
internal sealed record MappingTargetCheck(bool Kept, IReadOnlyList<SchemaProblem> Problems);

internal sealed record MappingPreview(string? Message, IReadOnlyList<ExplainedElement> Elements, IReadOnlyList<MappingProblem> Problems);

internal sealed record MappingCheck(IReadOnlyList<MappingProblem> Problems, IReadOnlyList<string> PassedExamples)
{
    public static MappingCheck Of(CheckedPackage found) => new(found.Problems, found.Passed);
}

internal sealed record MappingSummary(
    string Document, int Version, int Revision, MappingState State, IReadOnlyList<string> Authors, DateTimeOffset SavedAt, string? Rehearsal,
    string? SubmittedBy, DateTimeOffset? SubmittedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt)
{
    public static MappingSummary Of(MappingVersion v) =>
        new(v.Document, v.Version, v.Revision, v.State, v.Authors, v.SavedAt, v.Rehearsal, v.SubmittedBy, v.SubmittedAt, v.ApprovedBy, v.ApprovedAt);
}

internal sealed record MappingView(MappingSummary Version, string Document, IReadOnlyDictionary<string, string> Files, IReadOnlyList<MappingProblem> Problems, IReadOnlyList<string> PassedExamples)
{
    public static MappingView Of(MappingVersion version, CheckedPackage found) => new(MappingSummary.Of(version), version.Text, version.Files, found.Problems, found.Passed);
}
