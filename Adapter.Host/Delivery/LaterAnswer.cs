using System.Text.Json.Serialization;
using Adapter.Host.Delivery.Outcomes;

namespace Adapter.Host.Delivery;

/// <param name="Body">The answer as it came.</param>
internal sealed record LaterAnswer(string Destination, string MessageId, Receipt Receipt, ReadOnlyMemory<byte> Body);

/// <summary>What a later answer changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerEffect>))]
internal enum AnswerEffect
{
    /// <summary>The message counts as delivered and its lane goes on.</summary>
    [JsonStringEnumMemberName("settled")] Settled,

    /// <summary>The message was refused; its lane waits for a person, where others are in front of it when its turn comes.</summary>
    [JsonStringEnumMemberName("parked")] Parked,

    /// <summary>It confirms what is known, or comes too late to change anything.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>The same answer came before.</summary>
    [JsonStringEnumMemberName("duplicate")] Duplicate,

    /// <summary>No message of this id was ever made for this destination.</summary>
    [JsonStringEnumMemberName("foreign")] Foreign,
}
