using System.Text.Json;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Cuts a body into its records without copying it.</summary>
internal static class JsonElements
{
    private const int MaxDepth = 32;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>One object, or the elements of one array.</summary>
    /// <exception cref="JsonException">The body is not JSON, is nested deeper than 32, or holds more than <paramref name="most"/> elements.</exception>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> body, int most)
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
                    throw new JsonException($"The array holds more than {most} records. Send it in parts.");
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
