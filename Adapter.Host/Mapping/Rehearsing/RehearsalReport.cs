using System.Text.Json.Serialization;

namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>What a draft would have made of recorded traffic, beside what is live.</summary>
/// <param name="NewlyFailing">Messages that the live document makes and the draft does not.</param>
/// <param name="NewlyPassing">The other way round; all, where nothing is live.</param>
/// <param name="Ungrouped">Differences beyond the groups that are kept.</param>
internal sealed record RehearsalReport(
    long Messages, long Same, long Changed, long NewlyFailing, long NewlyPassing, long StillFailing, long Ungrouped,
    IReadOnlyList<DifferenceGroup> Differences, IReadOnlyList<FailureGroup> Failures)
{
    /// <summary>The counts alone, as the version keeps them.</summary>
    public string Summary() => System.Text.Json.JsonSerializer.Serialize(
        new RehearsalCounts(Messages, Same, Changed, NewlyFailing, NewlyPassing, StillFailing), RehearsalJson.Default.RehearsalCounts);
}

/// <param name="Element">Path below the root, without numbers.</param>
/// <param name="Values">The changes seen most, ten at most.</param>
/// <param name="Examples">Ids of messages.</param>
internal sealed record DifferenceGroup(string Element, DifferenceKind Kind, long Count, IReadOnlyList<ValueChange> Values, IReadOnlyList<string> Examples);

internal sealed record ValueChange(string? From, string? To, long Count);

internal sealed record FailureGroup(string Code, string? Row, int? Line, string Message, long Count, IReadOnlyList<string> Examples);

[JsonConverter(typeof(JsonStringEnumConverter<DifferenceKind>))]
internal enum DifferenceKind
{
    [JsonStringEnumMemberName("changed")] Changed,
    [JsonStringEnumMemberName("added")] Added,
    [JsonStringEnumMemberName("removed")] Removed,
}

internal sealed record RehearsalCounts(long Messages, long Same, long Changed, long NewlyFailing, long NewlyPassing, long StillFailing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RehearsalCounts))]
[JsonSerializable(typeof(Adapter.Contracts.Transit.OutgoingEvent))]
internal sealed partial class RehearsalJson : JsonSerializerContext;
