namespace Adapter.Mappings.Engine;

/// <summary>What kind of value an expression has, known before any event is seen.</summary>
/// <param name="Type">The record's type, or that of a list's items.</param>
internal sealed record Shape(ShapeKind Kind, RecordType? Type = null)
{
    public static Shape Text { get; } = new(ShapeKind.Text);

    public static Shape Number { get; } = new(ShapeKind.Number);

    public static Shape Boolean { get; } = new(ShapeKind.Boolean);

    public static Shape Instant { get; } = new(ShapeKind.Instant);

    /// <summary>For a message to the author.</summary>
    public string Describe() => Kind switch
    {
        ShapeKind.Text => "a text",
        ShapeKind.Number => "a number",
        ShapeKind.Boolean => "true or false",
        ShapeKind.Instant => "a point in time",
        ShapeKind.List => "a list",
        _ => "a record",
    };
}

/// <summary>At run time: string, decimal, bool, DateTimeOffset, any record, any list; each may be null.</summary>
internal enum ShapeKind
{
    Text,
    Number,
    Boolean,
    Instant,
    Record,
    List,
}

/// <summary>What an expression reads from: the event or message, and the items of the lists it stands in.</summary>
internal sealed class Scope
{
    public required object? Source { get; set; }

    /// <summary>Levels of repetition, and one more for the entry that <c>first</c> looks at.</summary>
    public const int Levels = TargetPath.MaxLevels + 1;

    /// <summary>Current item per level, outermost first.</summary>
    public object?[] Items { get; } = new object?[Levels];

    /// <summary>Its place in the list, from 1.</summary>
    public int[] Indexes { get; } = new int[Levels];
}

internal delegate object? Evaluate(Scope scope);

/// <param name="IsConstant">True when nothing of the event is read.</param>
/// <param name="Reads">The source paths in it, for explanations.</param>
/// <param name="Uses">Functions and tables in it, for explanations.</param>
/// <param name="Outcomes">Texts that can come out of it and are known before any event is seen.</param>
internal sealed record CompiledExpression(
    string Text, Shape Shape, Evaluate Evaluate, bool IsConstant, IReadOnlyList<SourceRead> Reads, IReadOnlyList<string> Uses, IReadOnlyList<Outcome> Outcomes)
{
    /// <summary>The tables looked into, for explanations.</summary>
    public IReadOnlyList<TableRead> Tables { get; init; } = [];
}

/// <summary>A text that an expression can give: a literal, an entry of a table, or what a function's result looks like.</summary>
/// <param name="Entry">Where it stands, when it is a table's entry.</param>
/// <param name="Function">The function whose sample it is.</param>
internal sealed record Outcome(string Text, int Offset, Model.Cell? Entry = null, string? Function = null);

/// <param name="Key">What the table is asked for.</param>
internal sealed record TableRead(Model.CodeTable Table, Evaluate Key);

internal sealed record SourceRead(string Path, Evaluate Evaluate);
