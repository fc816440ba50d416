using System.Text.Json;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Cuts a body into its records without copying it.</summary>
internal static class JsonElements
{
    /// <summary>As deep as a body can be: deep JSON is JSON, and the reader of records keeps what is too deep for it in quarantine.</summary>
    private const int MaxDepth = int.MaxValue;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>One object, or the elements of one array.</summary>
    /// <returns>Null where the array holds more than <paramref name="most"/> elements; then the rest of it was not looked at.</returns>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static List<ReadOnlyMemory<byte>>? Cut(ReadOnlyMemory<byte> body, int most)
    {
        // Some senders put a byte order mark in front. To refuse it would lose what a cloud that never repeats has to say.
        body = body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new JsonException("The body is empty. Send one object or an array of objects.");
        }

        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        var elements = new List<ReadOnlyMemory<byte>>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            elements.Add(Element(ref reader, body));
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (elements.Count == most)
                {
                    return null;
                }

                elements.Add(Element(ref reader, body));
            }
        }

        // Reads to the end: anything behind the first value makes the body not JSON.
        while (reader.Read())
        {
        }

        return elements;
    }

    private static ReadOnlyMemory<byte> Element(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }
}
