namespace Adapter.Mappings.Engine;

/// <summary>A parsed expression. Offset counts characters from the start of its text.</summary>
internal abstract record Expr(int Offset)
{
    /// <summary>Where its first character stands; Offset is where a problem with its own name or operator is shown.</summary>
    public int Start => this switch
    {
        Member member => member.Of.Start,
        Logic logic => logic.Left.Start,
        Compare compare => compare.Left.Start,
        In isIn => isIn.Of.Start,
        _ => Offset,
    };

    /// <summary>A string, a decimal or a bool.</summary>
    public sealed record Literal(object Value, int Offset) : Expr(Offset);

    /// <summary><c>event</c>, <c>item</c>, <c>index</c>.</summary>
    public sealed record Name(string Text, int Offset) : Expr(Offset);

    public sealed record Member(Expr Of, string Text, int Offset) : Expr(Offset);

    public sealed record Call(string Function, IReadOnlyList<Expr> Arguments, int Offset) : Expr(Offset);

    public sealed record Not(Expr Of, int Offset) : Expr(Offset);

    public sealed record Logic(bool IsAnd, Expr Left, Expr Right, int Offset) : Expr(Offset);

    public sealed record Compare(string Operator, Expr Left, Expr Right, int Offset) : Expr(Offset);

    public sealed record In(Expr Of, IReadOnlyList<Expr> Choices, int Offset) : Expr(Offset);
}

/// <summary>An expression that cannot be compiled. Caught by the mapping compiler, which adds the row.</summary>
internal sealed class ExpressionException(string code, string message, int offset, string? suggestion = null) : Exception(message)
{
    public string Code { get; } = code;

    public int Offset { get; } = offset;

    public string? Suggestion { get; } = suggestion;
}
