using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>What a twin received and what it made of it: one line of its log.</summary>
/// <param name="Element">Local name of the body element.</param>
/// <param name="Action">SOAP action as received, without quotes; empty when there was none.</param>
/// <param name="Effect">1, 2, … for an effect of this id; 0 for a duplicate, a refusal, a fault or a question.</param>
/// <param name="Result">The word or code in the answer; <see cref="Fault"/> when a fault was answered.</param>
/// <param name="Sha256">Of the bytes as received, envelope and all.</param>
/// <param name="BodySha256">Of <paramref name="Xml"/> in UTF-8. Two messages are the same when this is: security headers differ at each attempt.</param>
/// <param name="Xml">The body element. Headers are not kept, they may hold credentials.</param>
internal sealed record TwinRecord(
    DateTimeOffset At, string Twin, string MessageId, long? Sequence, string? Subject, string? Kind, string Element, string Action,
    int Effect, string Result, string Sha256, string BodySha256, string Xml)
{
    public const string Fault = "FAULT";

    /// <summary>True where the message takes back what an earlier one said; left out of the log otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Withdraws { get; init; }

    /// <summary>One record is one line, with its XML readable.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
