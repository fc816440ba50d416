using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adapter.Contracts.Telemetry;

/// <summary>What a source calls an e-lock: ten digits for JT701, twelve on newer models, anything printable elsewhere.</summary>
/// <remarks>Kept as text: leading zeros matter.</remarks>
[JsonConverter(typeof(LockIdJsonConverter))]
public sealed record LockId
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl)]);

    private LockId(string value) => Value = value;

    /// <summary>The number as the source writes it.</summary>
    public string Value { get; }

    /// <exception cref="FormatException">The text is empty, longer than 64 characters or holds a control character.</exception>
    public static LockId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException("A lock id has 1 to 64 printable characters; this one has not. Check the lock number in the message.");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LockId? id)
    {
        id = text is { Length: >= 1 and <= 64 } && !text.AsSpan().ContainsAny(Controls) ? new LockId(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}

/// <summary>Writes a lock id as its text.</summary>
public sealed class LockIdJsonConverter : JsonConverter<LockId>
{
    public override LockId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LockId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("A lock id has 1 to 64 printable characters.");

    public override void Write(Utf8JsonWriter writer, LockId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
