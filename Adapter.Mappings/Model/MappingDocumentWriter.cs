using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Adapter.Mappings.Model;

/// <summary>The one written form of a document: members in a fixed order, a row on a line, so that two versions can be compared line by line.</summary>
public static class MappingDocumentWriter
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>JSON with line feeds, one at its end.</returns>
    public static string Write(MappingDocument document)
    {
        var text = new StringBuilder("{\n");
        text.Append("  \"$schema\": \"urn:customstransit:mapping-document:1\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"id\": {Json(document.Id)},\n  \"version\": {document.Version},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"source\": {Json(document.Source)},\n  \"target\": {Json(document.Target)}");
        if (document.Description is { } description)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"description\": {Json(description)}");
        }

        if (document.Prefixes.Count > 0)
        {
            text.Append(",\n  \"prefixes\": {\n").AppendJoin(",\n", document.Prefixes.Select(p => $"    {Json(p.Key)}: {Json(p.Value)}")).Append("\n  }");
        }

        if (document.Tables.Count > 0)
        {
            text.Append(",\n  \"tables\": {\n").AppendJoin(",\n", document.Tables.Values.Select(Table)).Append("\n  }");
        }

        text.Append(",\n  \"rows\": [\n").AppendJoin(",\n", document.Rows.Select(Row)).Append("\n  ]");
        if (document.Examples.Count > 0)
        {
            text.Append(",\n  \"examples\": [\n")
                .AppendJoin(",\n", document.Examples.Select(e => $"    {{ \"name\": {Json(e.Name)}, \"input\": {Json(e.Input)}, \"expect\": {Json(e.Expect)} }}"))
                .Append("\n  ]");
        }

        return text.Append("\n}\n").ToString();
    }

    private static string Table(CodeTable table)
    {
        var entries = table.Entries.Select(e => (e.Key, e.Value));
        if (table.Otherwise is { } otherwise)
        {
            entries = entries.Append(("*", otherwise));
        }

        var lines = entries.Select(e => $"      {Json(e.Item1)}: {Json(e.Item2)}").ToList();
        return lines.Count == 0 ? $"    {Json(table.Name)}: {{}}" : $"    {Json(table.Name)}: {{\n{string.Join(",\n", lines)}\n    }}";
    }

    private static string Row(Row row)
    {
        var members = new List<string> { $"\"to\": {Json(row.To.Text)}" };
        if (row.Each.Count > 0)
        {
            members.Add(row.Each.Count == 1 ? $"\"each\": {Json(row.Each[0].Text)}" : $"\"each\": [{string.Join(", ", row.Each.Select(e => Json(e.Text)))}]");
        }

        if (row.Is is { } value)
        {
            members.Add($"\"is\": {Json(value.Text)}");
        }

        if (row.When is { } when)
        {
            members.Add($"\"when\": {Json(when.Text)}");
        }

        switch (row.Missing)
        {
            case MissingRule.Omit:
                members.Add("\"missing\": \"omit\"");
                break;
            case MissingRule.Nil:
                members.Add("\"missing\": \"nil\"");
                break;
            case MissingRule.Substitute substitute:
                members.Add($"\"missing\": {{ \"default\": {Json(substitute.Expression.Text)} }}");
                break;
        }

        if (row.Note is { } note)
        {
            members.Add($"\"note\": {Json(note)}");
        }

        return $"    {{ {string.Join(", ", members)} }}";
    }

    private static string Json(string text) => JsonSerializer.Serialize(text, Plain);
}
