using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Delivery.DeadLetters;

/// <summary>A dead letter as others read it: a CloudEvents 1.0 event in AMQP's binary mode, attributes with the prefix that JMS clients can select by.</summary>
/// <remarks>It names the message and holds nothing of it: who may read a queue is not who may read what customs are told.</remarks>
internal static class DeadLetterEvent
{
    private const string TypePrefix = "customstransit.dead-letter.";

    /// <param name="source">What the event names as its source; with the id it is unique.</param>
    public static Message Of(DeadLetter letter, string source)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{letter.Message?.Id ?? $"entry-{letter.Entry}"}.{letter.Id}");
        var type = TypePrefix + letter.State;
        var attributes = new ApplicationProperties
        {
            ["cloudEvents_specversion"] = "1.0",
            ["cloudEvents_id"] = id,
            ["cloudEvents_source"] = source,
            ["cloudEvents_type"] = type,
            ["cloudEvents_time"] = letter.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (letter.Message is { } message)
        {
            attributes["cloudEvents_subject"] = $"{message.Lane.Destination}/{message.Lane.Subject}";
        }

        return new Message
        {
            Header = new Header { Durable = true },
            Properties = new Properties { MessageId = id, Subject = type, ContentType = new Symbol("application/json") },
            ApplicationProperties = attributes,
            BodySection = new Data { Binary = JsonSerializer.SerializeToUtf8Bytes(DataOf(letter), DeadLetterJson.Default.DeadLetterData) },
        };
    }

    private static DeadLetterData DataOf(DeadLetter letter) => letter.Message is { } message
        ? new DeadLetterData(
            message.Lane.Destination, message.Lane.Subject, message.Number, message.Id, message.Kind, message.OccurredAt, letter.Cause, letter.Reason, message.Attempts, message.Sha256, letter.Entry,
            $"/api/messages/{Uri.EscapeDataString(message.Id)}")
        : new DeadLetterData(
            null, null, null, null, null, null, letter.Cause, letter.Reason, null, null, letter.Entry, string.Create(CultureInfo.InvariantCulture, $"/api/journal/{letter.Entry}"));
}

/// <summary>What stopped, why, and where to look: enough to find it, nothing of its content.</summary>
/// <param name="Number">Its place in the lane.</param>
/// <param name="BodySha256">Of the frozen bytes.</param>
/// <param name="Entry">Position in the journal of what it came from.</param>
/// <param name="See">Path in the admin API.</param>
internal sealed record DeadLetterData(
    string? Destination, string? Subject, long? Number, string? MessageId, string? Kind, DateTimeOffset? OccurredAt, string? Cause, string? Reason, long? Attempts,
    string? BodySha256, long? Entry, string See);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterData))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
