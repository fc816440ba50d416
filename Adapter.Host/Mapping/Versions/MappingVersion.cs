using System.Text.Json.Serialization;

namespace Adapter.Host.Mapping.Versions;

/// <summary>One version of a mapping document and where it is in its life.</summary>
/// <param name="Revision">One more with every change. Who acts names the one that he saw.</param>
/// <param name="Authors">All who saved it; none of them may approve it.</param>
/// <param name="Rehearsal">What the last rehearsal counted, as JSON.</param>
internal sealed record MappingVersion(
    string Document, int Version, int Revision, MappingState State, string Text, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Authors,
    DateTimeOffset SavedAt, string? Rehearsal, string? SubmittedBy, DateTimeOffset? SubmittedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt);

[JsonConverter(typeof(JsonStringEnumConverter<MappingState>))]
internal enum MappingState
{
    /// <summary>Saved; something is wrong with it.</summary>
    [JsonStringEnumMemberName("draft")] Draft,

    /// <summary>Compiles against its target, and its examples come out as written.</summary>
    [JsonStringEnumMemberName("checked")] Checked,

    /// <summary>Was run over recorded traffic.</summary>
    [JsonStringEnumMemberName("rehearsed")] Rehearsed,

    /// <summary>Frozen, and waits for another person.</summary>
    [JsonStringEnumMemberName("submitted")] Submitted,

    [JsonStringEnumMemberName("approved")] Approved,

    /// <summary>Makes messages. One version of a document at a time.</summary>
    [JsonStringEnumMemberName("live")] Live,

    /// <summary>Made messages once; a rollback makes it live again.</summary>
    [JsonStringEnumMemberName("superseded")] Superseded,
}

/// <summary>What a person does with a version.</summary>
internal enum MappingStep
{
    Submit,
    Return,
    Approve,
    Publish,
    Rollback,
}
