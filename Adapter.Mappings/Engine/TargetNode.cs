using System.Xml.Schema;
using Adapter.Mappings.Model;

namespace Adapter.Mappings.Engine;

/// <summary>One element that a document writes, with the rows that fill it; together they are the message in schema order.</summary>
internal sealed class TargetNode(XmlSchemaElement schema, TargetNode? parent, string? sibling, bool repeats, int order)
{
    public XmlSchemaElement Schema { get; } = schema;

    public TargetNode? Parent { get; } = parent;

    public string Name { get; } = schema.QualifiedName.Name;

    public string Namespace { get; } = schema.QualifiedName.Namespace;

    public string? Sibling { get; } = sibling;

    public bool Repeats { get; } = repeats;

    public int Order { get; } = order;

    /// <summary>The choices of the schema around it.</summary>
    public IReadOnlyList<ChoiceBranch> Branches { get; init; } = [];

    /// <summary>Level of repetition of this node's items; meaningful where <see cref="Repeats"/>.</summary>
    public int Level { get; init; }

    public CompiledExpression? Each { get; set; }

    /// <summary>Condition on the whole branch, from a row without a value.</summary>
    public CompiledExpression? When { get; set; }

    public Row? WhenRow { get; set; }

    public List<ValueRow> Attributes { get; } = [];

    public ValueRow? Value { get; set; }

    public List<TargetNode> Children { get; } = [];

    /// <summary>The row that first named this element, for messages.</summary>
    public required Row FirstRow { get; init; }

    /// <summary>
    /// Whether any row in this branch reads the event. Such a branch vanishes when no such row gave a value, and its constants
    /// with it; a branch of constants alone is always written.
    /// </summary>
    public bool ReadsSource { get; private set; }

    /// <summary>Whether there is nothing in it but a value. Known once the document is sealed.</summary>
    public bool IsLeaf { get; private set; }

    /// <summary>Whether it is in every message in which its parent is, or in none.</summary>
    public bool IsCertain => When is null && !Repeats
        && (Value is { IsCertain: true } || Attributes.Exists(a => a.IsCertain) || Children.Exists(c => c.IsCertain));

    /// <summary>Path from the root, as an author would write it.</summary>
    public string Path { get; } = parent is null ? "" : parent.Path.Length == 0 ? Step(schema, sibling, repeats) : $"{parent.Path}/{Step(schema, sibling, repeats)}";

    /// <summary>Puts children into schema order; labelled siblings stay in the order in which rows name them.</summary>
    public void Seal()
    {
        var ordered = Children.OrderBy(c => c.Order).ToList();
        Children.Clear();
        Children.AddRange(ordered);
        foreach (var child in Children)
        {
            child.Seal();
        }

        IsLeaf = Value is not null && Parent is not null && Attributes.Count == 0 && Children.Count == 0;
        ReadsSource = Value is { IsConstant: false } || Attributes.Exists(a => !a.IsConstant) || Children.Exists(c => c.ReadsSource || c.Repeats);
    }

    private static string Step(XmlSchemaElement schema, string? sibling, bool repeats) =>
        schema.QualifiedName.Name + (sibling is null ? "" : $"[{sibling}]") + (repeats ? "*" : "");
}

/// <summary>A row that writes a value: the text of an element, or an attribute.</summary>
internal sealed record ValueRow(Row Row, CompiledExpression Is, CompiledExpression? When, CompiledExpression? Default, string? Attribute, string AttributeNamespace)
{
    public bool IsConstant => Is.IsConstant;

    /// <summary>Written, or the message is not made.</summary>
    public bool IsCertain => When is null && (IsConstant || Row.Missing is not MissingRule.Omit);
}
