using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace Adapter.Mappings.Model;

/// <param name="Document">Null when there is a problem.</param>
public sealed record MappingDocumentReading(MappingDocument? Document, IReadOnlyList<MappingProblem> Problems);

/// <summary>Reads a mapping document from JSON, strictly, and says everything that is wrong with it at once.</summary>
public static class MappingDocumentParser
{
    private const int MaxRows = 1000;

    /// <summary>The most that a document may have, as UTF-8. With its examples, and escaped, it still fits into one request.</summary>
    public const int MostBytes = 400_000;

    /// <summary>What is said of a document above <see cref="MostBytes"/>, at every door alike.</summary>
    public static string TooLarge(long bytes) => string.Create(CultureInfo.InvariantCulture, $"The document has {bytes} bytes; at most {MostBytes} are read.");

    public static MappingDocumentReading Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes)
        {
            return new MappingDocumentReading(null, [new MappingProblem("mapping.too-large", TooLarge(json.Length), null, null, null, null)]);
        }

        PositionedJson root;
        try
        {
            root = PositionedJson.Read(json.Span);
        }
        catch (JsonException e)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"The document is not JSON: {e.Message}");
            return new MappingDocumentReading(null, [new MappingProblem("mapping.json", message, (int?)e.LineNumber + 1, (int?)e.BytePositionInLine + 1, null, null)]);
        }

        var reading = new Reading();
        var document = reading.Document(root);
        return new MappingDocumentReading(reading.Problems.Count == 0 ? document : null, reading.Problems);
    }

    private sealed class Reading
    {
        private string? _row;

        public List<MappingProblem> Problems { get; } = [];

        public MappingDocument Document(PositionedJson root)
        {
            var members = Members(root, "the document", "$schema", "id", "version", "source", "target", "description", "prefixes", "tables", "rows", "examples");
            var rows = Items(members, "rows", root, required: true);
            if (rows.Count > MaxRows)
            {
                Report("mapping.wrong-value", $"A document has at most {MaxRows} rows; this one has {rows.Count}.", root);
            }

            var id = Text(members, "id", root, required: true)?.Text ?? "";
            if (id.Length > 0 && !IsId(id))
            {
                Report("mapping.wrong-value", $"'{id}' cannot be an id.", members["id"].Value, "Use 1 to 64 small letters, digits and hyphens.");
            }

            return new MappingDocument(
                id,
                Version(members, root),
                Text(members, "source", root, required: true)?.Text ?? "",
                Text(members, "target", root, required: true)?.Text ?? "",
                Text(members, "description", root, required: false)?.Text,
                [.. rows.Select((row, i) => Row(row, i + 1))],
                Tables(members),
                [.. Items(members, "examples", root, required: false).Select(Example)])
            {
                Prefixes = Prefixes(members),
                Places = Places(members),
            };
        }

        private static Dictionary<string, Cell> Places(Dictionary<string, PositionedJson.Member> members)
        {
            var places = members.Values.ToDictionary(m => m.Name, m => Place(m.Name, m.Value), StringComparer.Ordinal);
            if (members.GetValueOrDefault("prefixes")?.Value is PositionedJson.Record prefixes)
            {
                foreach (var prefix in prefixes.Members)
                {
                    places[$"prefixes.{prefix.Name}"] = Place(prefix.Name, prefix.Value);
                }
            }

            return places;

            // A text starts behind its quotation mark.
            static Cell Place(string name, PositionedJson value) => new(name, value.Line, value is PositionedJson.Text ? value.Column + 1 : value.Column);
        }

        private Dictionary<string, string> Prefixes(Dictionary<string, PositionedJson.Member> members)
        {
            var prefixes = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!members.TryGetValue("prefixes", out var member))
            {
                return prefixes;
            }

            foreach (var prefix in Members(member.Value, "\"prefixes\"").Values)
            {
                if (!IsPrefix(prefix.Name))
                {
                    Report("mapping.wrong-value", $"'{prefix.Name}' cannot be a prefix.", prefix.Value, "Use 1 to 20 letters and digits, a letter first, and neither xml, xmlns nor xsi.");
                }
                else if (CellOf(prefix.Value, prefix.Name) is { } uri)
                {
                    if (IsNamespace(uri.Text))
                    {
                        prefixes[prefix.Name] = uri.Text;
                    }
                    else
                    {
                        Report("mapping.wrong-value", "This cannot be the namespace of a prefix.", prefix.Value, "Use a namespace of the schema, in characters that XML can carry.");
                    }
                }
            }

            return prefixes;
        }

        private static bool IsPrefix(string text) =>
            text.Length is >= 1 and <= 20 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit) && !text.StartsWith("xml", StringComparison.OrdinalIgnoreCase) && text != "xsi";

        /// <summary>The namespaces of XML itself belong to prefixes that nobody can choose.</summary>
        private static bool IsNamespace(string text) =>
            text.Length > 0 && text.All(XmlConvert.IsXmlChar) && !text.StartsWith("http://www.w3.org/XML/1998/namespace", StringComparison.Ordinal) && !text.StartsWith("http://www.w3.org/2000/xmlns/", StringComparison.Ordinal);

        private static bool IsId(string text) =>
            text.Length <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

        private Row Row(PositionedJson json, int number)
        {
            var members = Members(json, "a row", "to", "is", "when", "each", "missing", "note");
            var to = Text(members, "to", json, required: true) ?? new Cell("", json.Line, json.Column);
            _row = to.Text;
            var row = new Row(
                number, to,
                Text(members, "is", json, required: false),
                Text(members, "when", json, required: false),
                Each(members),
                Missing(members),
                json.Line, json.Column)
            {
                Note = Text(members, "note", json, required: false)?.Text,
            };
            if (!members.ContainsKey("is") && !members.ContainsKey("when") && !members.ContainsKey("each"))
            {
                Report("mapping.missing-property", "A row needs \"is\"; a row about an element with children needs \"when\" or \"each\".", json);
            }

            _row = null;
            return row;
        }

        private List<Cell> Each(Dictionary<string, PositionedJson.Member> members)
        {
            if (!members.TryGetValue("each", out var member))
            {
                return [];
            }

            // One list may be written without brackets.
            var items = member.Value is PositionedJson.List list ? list.Items : [member.Value];
            return [.. items.Select(item => CellOf(item, "each")).OfType<Cell>()];
        }

        private MissingRule Missing(Dictionary<string, PositionedJson.Member> members)
        {
            switch (members.GetValueOrDefault("missing")?.Value)
            {
                case null or PositionedJson.Text { Value: "fail" }:
                    return new MissingRule.Fail();
                case PositionedJson.Text { Value: "omit" }:
                    return new MissingRule.Omit();
                case PositionedJson.Text { Value: "nil" }:
                    return new MissingRule.Nil();
                case PositionedJson.Record record:
                    var inside = Members(record, "\"missing\"", "default");
                    return Text(inside, "default", record, required: true) is { } expression ? new MissingRule.Substitute(expression) : new MissingRule.Fail();
                case var other:
                    Report("mapping.wrong-value", "\"missing\" is \"fail\", \"omit\", \"nil\" or {\"default\": \"expression\"}.", other);
                    return new MissingRule.Fail();
            }
        }

        private Dictionary<string, CodeTable> Tables(Dictionary<string, PositionedJson.Member> members)
        {
            var tables = new Dictionary<string, CodeTable>(StringComparer.Ordinal);
            if (!members.TryGetValue("tables", out var member))
            {
                return tables;
            }

            foreach (var table in Members(member.Value, "\"tables\"").Values)
            {
                var entries = new Dictionary<string, string>(StringComparer.Ordinal);
                var places = new Dictionary<string, Cell>(StringComparer.Ordinal);
                foreach (var entry in Members(table.Value, $"table '{table.Name}'").Values)
                {
                    if (CellOf(entry.Value, entry.Name) is { } value)
                    {
                        entries[entry.Name] = value.Text;
                        places[entry.Name] = value;
                    }
                }

                entries.Remove("*", out var otherwise);
                tables[table.Name] = new CodeTable(table.Name, entries, otherwise) { Places = places };
            }

            return tables;
        }

        private Example Example(PositionedJson json)
        {
            var members = Members(json, "an example", "name", "input", "expect");
            string Of(string name) => Text(members, name, json, required: true)?.Text ?? "";
            return new Example(Of("name"), Of("input"), Of("expect")) { Line = json.Line, Column = json.Column };
        }

        private int Version(Dictionary<string, PositionedJson.Member> members, PositionedJson root)
        {
            switch (members.GetValueOrDefault("version")?.Value)
            {
                case PositionedJson.Number { Value: >= 1 and <= int.MaxValue } number when decimal.IsInteger(number.Value):
                    return (int)number.Value;
                case null:
                    Report("mapping.missing-property", "The property \"version\" is missing.", root);
                    return 0;
                case var other:
                    Report("mapping.wrong-value", "\"version\" is a whole number from 1.", other);
                    return 0;
            }
        }

        /// <summary>Members by name. With no names given every name is allowed.</summary>
        private Dictionary<string, PositionedJson.Member> Members(PositionedJson json, string what, params string[] known)
        {
            var members = new Dictionary<string, PositionedJson.Member>(StringComparer.Ordinal);
            if (json is not PositionedJson.Record record)
            {
                Report("mapping.wrong-value", $"Expected {what} as an object in braces.", json);
                return members;
            }

            foreach (var member in record.Members)
            {
                if (known.Length > 0 && !known.Contains(member.Name))
                {
                    Problems.Add(new MappingProblem("mapping.unknown-property", $"The property \"{member.Name}\" does not belong in {what}.", member.Line, member.Column, _row, Nearest.To(member.Name, known)));
                }
                else if (!members.TryAdd(member.Name, member))
                {
                    Problems.Add(new MappingProblem("mapping.wrong-value", $"The property \"{member.Name}\" stands twice in {what}.", member.Line, member.Column, _row, null));
                }
            }

            return members;
        }

        private IReadOnlyList<PositionedJson> Items(Dictionary<string, PositionedJson.Member> members, string name, PositionedJson owner, bool required)
        {
            switch (members.GetValueOrDefault(name)?.Value)
            {
                case PositionedJson.List list:
                    return list.Items;
                case null:
                    if (required)
                    {
                        Report("mapping.missing-property", $"The property \"{name}\" is missing.", owner);
                    }

                    return [];
                case var other:
                    Report("mapping.wrong-value", $"\"{name}\" is a list in square brackets.", other);
                    return [];
            }
        }

        private Cell? Text(Dictionary<string, PositionedJson.Member> members, string name, PositionedJson owner, bool required)
        {
            if (members.TryGetValue(name, out var member))
            {
                return CellOf(member.Value, name);
            }

            if (required)
            {
                Report("mapping.missing-property", $"The property \"{name}\" is missing.", owner);
            }

            return null;
        }

        private Cell? CellOf(PositionedJson json, string name)
        {
            if (json is PositionedJson.Text text)
            {
                // The text starts behind its quotation mark.
                return new Cell(text.Value, text.Line, text.Column + 1);
            }

            Report("mapping.wrong-value", $"\"{name}\" is a text in quotation marks.", json);
            return null;
        }

        private void Report(string code, string message, PositionedJson at, string? suggestion = null) =>
            Problems.Add(new MappingProblem(code, message, at.Line, at.Column, _row, suggestion));
    }
}
