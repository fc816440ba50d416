namespace Adapter.Mappings.Model;

/// <summary>A mapping document: how one kind of message is made from an outgoing event.</summary>
/// <param name="Target">The schema target whose root element is written, such as <c>wco/declaration</c>. Row paths start below that root.</param>
public sealed record MappingDocument(
    string Id, int Version, string Source, string Target, string? Description,
    IReadOnlyList<Row> Rows, IReadOnlyDictionary<string, CodeTable> Tables, IReadOnlyList<Example> Examples)
{
    /// <summary>Prefixes that the message shall use, each with its namespace; what has none stands in a default namespace.</summary>
    public IReadOnlyDictionary<string, string> Prefixes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where values outside the rows stand, by the property's name; a prefix as <c>prefixes.NAME</c>.</summary>
    public IReadOnlyDictionary<string, Cell> Places { get; init; } = new Dictionary<string, Cell>(StringComparer.Ordinal);
}

/// <summary>One row: where a value goes, what it is, when, for each of what, and what if it is missing.</summary>
/// <param name="Number">Place among the rows, from 1.</param>
/// <param name="Is">Null for a row that only puts a condition on an element with children.</param>
/// <param name="Each">One list per <c>*</c> in <paramref name="To"/>, outermost first.</param>
public sealed record Row(int Number, Cell To, Cell? Is, Cell? When, IReadOnlyList<Cell> Each, MissingRule Missing, int Line, int Column)
{
    /// <summary>What its author says about it, for people.</summary>
    public string? Note { get; init; }
}

/// <summary>A text in the document, and where its first character stands.</summary>
public sealed record Cell(string Text, int Line, int Column);

/// <summary>What happens when a row's value is null or blank.</summary>
public abstract record MissingRule
{
    private MissingRule()
    {
    }

    /// <summary>The message cannot be made. What a row does that says nothing.</summary>
    public sealed record Fail : MissingRule;

    /// <summary>Nothing is written.</summary>
    public sealed record Omit : MissingRule;

    /// <summary>The element is written without content and says that it has none (<c>xsi:nil</c>).</summary>
    public sealed record Nil : MissingRule;

    /// <summary>Another expression takes its place; when that is missing too, the message cannot be made.</summary>
    public sealed record Substitute(Cell Expression) : MissingRule;
}

/// <summary>Codes of one side and what they are on the other.</summary>
/// <param name="Otherwise">For every code not listed; written <c>"*"</c> in the document.</param>
public sealed record CodeTable(string Name, IReadOnlyDictionary<string, string> Entries, string? Otherwise)
{
    /// <summary>Where the text of each entry stands in the document, so that a wrong one can be pointed at.</summary>
    public IReadOnlyDictionary<string, Cell> Places { get; init; } = new Dictionary<string, Cell>(StringComparer.Ordinal);
}

/// <summary>A test that the document carries: files beside it.</summary>
public sealed record Example(string Name, string Input, string Expect)
{
    public int Line { get; init; }

    public int Column { get; init; }
}
