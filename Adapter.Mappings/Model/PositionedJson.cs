using System.Text;
using System.Text.Json;

namespace Adapter.Mappings.Model;

/// <summary>A JSON value that knows where in the text it stands.</summary>
internal abstract record PositionedJson(int Line, int Column)
{
    public sealed record Text(string Value, int Line, int Column) : PositionedJson(Line, Column);

    public sealed record Number(decimal Value, int Line, int Column) : PositionedJson(Line, Column);

    /// <summary>True, false or null, which no mapping document needs.</summary>
    public sealed record Other(string What, int Line, int Column) : PositionedJson(Line, Column);

    public sealed record List(IReadOnlyList<PositionedJson> Items, int Line, int Column) : PositionedJson(Line, Column);

    public sealed record Record(IReadOnlyList<Member> Members, int Line, int Column) : PositionedJson(Line, Column);

    public sealed record Member(string Name, PositionedJson Value, int Line, int Column);

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static PositionedJson Read(ReadOnlySpan<byte> utf8)
    {
        var text = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 16 });
        reader.Read();
        var position = new Position();
        var value = ReadValue(ref reader, text, ref position);
        if (reader.Read())
        {
            throw new JsonException("There is more than one value.");
        }

        return value;
    }

    private static PositionedJson ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref Position position)
    {
        position.MoveTo((int)reader.TokenStartIndex, text);
        var (line, column) = (position.Line, position.Column);
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new Text(TextOf(ref reader, position), line, column);
            case JsonTokenType.Number:
                return reader.TryGetDecimal(out var number) ? new Number(number, line, column) : new Other("a number too large", line, column);
            case JsonTokenType.StartArray:
                var items = new List<PositionedJson>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, text, ref position));
                }

                return new List(items, line, column);
            case JsonTokenType.StartObject:
                var members = new List<Member>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    position.MoveTo((int)reader.TokenStartIndex, text);
                    var (name, at) = (TextOf(ref reader, position), position);
                    reader.Read();
                    members.Add(new Member(name, ReadValue(ref reader, text, ref position), at.Line, at.Column));
                }

                return new Record(members, line, column);
            default:
                return new Other(reader.HasValueSequence ? "" : Encoding.UTF8.GetString(reader.ValueSpan), line, column);
        }
    }

    /// <exception cref="JsonException">The bytes are not UTF-8, or half of a character is escaped.</exception>
    private static string TextOf(ref Utf8JsonReader reader, Position position)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(e.Message, path: null, position.Line - 1, position.Column - 1, e);
        }
    }

    /// <summary>Line and column of an offset that only grows.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private record struct Position()
    {
        private int _offset = 0;

        public int Line { get; private set; } = 1;

        /// <summary>In characters of UTF-16, as editors count.</summary>
        public int Column { get; private set; } = 1;

        public void MoveTo(int offset, ReadOnlySpan<byte> text)
        {
            var passed = text[_offset..offset];
            var lastLine = passed.LastIndexOf((byte)'\n');
            if (lastLine >= 0)
            {
                Line += passed.Count((byte)'\n');
                Column = 1;
                passed = passed[(lastLine + 1)..];
            }

            Column += Encoding.UTF8.GetCharCount(passed);
            _offset = offset;
        }
    }
}
