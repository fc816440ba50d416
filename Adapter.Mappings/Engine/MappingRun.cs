using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;

namespace Adapter.Mappings.Engine;

/// <summary>One pass over a document's elements for one event. Reused, so that a message costs few allocations.</summary>
/// <remarks>
/// Collects what is to be written before anything is, because only the end of a branch tells whether it vanishes.
/// </remarks>
internal sealed class MappingRun
{
    private const int KeptBytes = 16 * 1024;
    private const int KeptSteps = 1024;

    private readonly List<MappingProblem> _problems = [];
    private readonly Scope _scope = new() { Source = null };
    private Step[] _steps = new Step[64];
    private int _count;

    /// <summary>Most steps since the last reset: behind <see cref="_count"/> may stand some that were taken back.</summary>
    private int _most;
    private long _characters;
    private bool _stopped;

    public ReadOnlySpan<Step> Steps => _steps.AsSpan(0, _count);

    /// <summary>Where a message is written before its size is known; emptied with the run.</summary>
    public MemoryStream Buffer { get; private set; } = new(KeptBytes);

    /// <summary>Fills <see cref="Steps"/>.</summary>
    /// <returns>The problems; empty when the message can be written.</returns>
    public IReadOnlyList<MappingProblem> Collect(TargetNode root, object source, bool explain)
    {
        Reset();
        _scope.Source = source;
        Element(root, explain);
        return _problems.Count == 0 ? [] : [.. _problems];
    }

    public void Write(XmlWriter writer, string? rootPrefix, IReadOnlyDictionary<string, string> prefixes)
    {
        foreach (ref readonly var step in Steps)
        {
            switch (step.Kind)
            {
                case StepKind.Start:
                    if (step.Node.Parent is null)
                    {
                        writer.WriteStartElement(rootPrefix, step.Node.Name, step.Node.Namespace);
                        foreach (var (prefix, uri) in prefixes)
                        {
                            writer.WriteAttributeString("xmlns", prefix, null, uri);
                        }
                    }
                    else
                    {
                        writer.WriteStartElement(step.Node.Name, step.Node.Namespace);
                    }

                    break;
                case StepKind.Leaf:
                    writer.WriteElementString(step.Node.Name, step.Node.Namespace, step.Text);
                    break;
                case StepKind.Nil:
                    writer.WriteAttributeString("xsi", "nil", System.Xml.Schema.XmlSchema.InstanceNamespace, "true");
                    break;
                case StepKind.Attribute:
                    writer.WriteAttributeString(step.Row!.Attribute!, step.Row.AttributeNamespace, step.Text);
                    break;
                case StepKind.Text:
                    writer.WriteString(step.Text);
                    break;
                default:
                    writer.WriteEndElement();
                    break;
            }
        }
    }

    /// <summary>Forgets the event, so that a reused run keeps nothing of it alive.</summary>
    public void Reset()
    {
        if (_steps.Length > KeptSteps)
        {
            _steps = new Step[KeptSteps];
        }
        else
        {
            Array.Clear(_steps, 0, Math.Max(_most, _count));
        }

        (_count, _most) = (0, 0);
        _problems.Clear();
        (_characters, _stopped, _scope.Source) = (0, false, null);
        Array.Clear(_scope.Items);
        Buffer.SetLength(0);
        if (Buffer.Capacity > KeptBytes)
        {
            // One large message is no reason to keep its size for ever.
            Buffer = new MemoryStream(KeptBytes);
        }
    }

    /// <summary>One element with all in it; takes itself back when nothing of the event is in it.</summary>
    /// <returns>Whether a row in the branch that reads the event gave a value.</returns>
    private bool Element(TargetNode node, bool explain)
    {
        if (_stopped || (node.When is not null && Of(node.When, node.WhenRow!) is not true))
        {
            return false;
        }

        if (node.IsLeaf)
        {
            // Most elements: written, or not even begun.
            return Value(node, node.Value!, StepKind.Text, explain, ofLeaf: true);
        }

        var start = _count;
        var charactersBefore = _characters;
        var gave = false;
        Add(StepKind.Start, node, null, null, null, node.Name.Length);
        foreach (var attribute in node.Attributes)
        {
            gave |= Value(node, attribute, StepKind.Attribute, explain);
        }

        if (node.Value is not null)
        {
            gave |= Value(node, node.Value, StepKind.Text, explain);
        }

        foreach (var child in node.Children)
        {
            gave |= child.Repeats ? Repeated(child, explain) : Element(child, explain);
        }

        Add(StepKind.End, node, null, null, null, node.Name.Length);
        var empty = node.ReadsSource ? !gave : _count == start + 2;
        if (empty && node.Parent is not null)
        {
            (_most, _count) = (Math.Max(_most, _count), start);
            _characters = charactersBefore;
        }

        return gave;
    }

    private bool Repeated(TargetNode node, bool explain)
    {
        if (Of(node.Each!, node.FirstRow) is not IReadOnlyList<object> items)
        {
            return false;
        }

        if (items.Count > CompiledMapping.MaxItems)
        {
            Report("mapping.list-too-long", string.Create(CultureInfo.InvariantCulture, $"'{node.Each!.Text}' has {items.Count} entries; at most {CompiledMapping.MaxItems} can be written."), node.FirstRow, null);
            return false;
        }

        var gave = false;
        for (var i = 0; i < items.Count; i++)
        {
            (_scope.Items[node.Level], _scope.Indexes[node.Level]) = (items[i], i + 1);
            gave |= Element(node, explain);
        }

        return gave;
    }

    /// <param name="ofLeaf">Whether the element around it has nothing else in it.</param>
    private bool Value(TargetNode node, ValueRow row, StepKind kind, bool explain, bool ofLeaf = false)
    {
        if (!Read(row, out var used, out var text))
        {
            return false;
        }

        var isNil = false;
        if (string.IsNullOrWhiteSpace(text))
        {
            switch (row.Row.Missing)
            {
                case Model.MissingRule.Omit:
                    return false;
                case Model.MissingRule.Nil:
                    (isNil, text) = (true, "true");
                    break;
                default:
                    Report("mapping.value-missing", $"'{used.Text}' has no value, and {row.Row.To.Text} cannot go without.", row.Row, "Complete the data, or give the row a \"missing\" rule.");
                    return false;
            }
        }
        else if (Forbidden(text) is { } character)
        {
            Report("mapping.invalid-character", string.Create(CultureInfo.InvariantCulture, $"The value of '{used.Text}' holds U+{(int)character:X4}, which XML cannot carry."), row.Row, "Correct the data at its source.");
            return false;
        }

        var why = explain ? Why(used) : null;
        if (!ofLeaf)
        {
            Add(isNil ? StepKind.Nil : kind, node, row, text, why, text.Length + (row.Attribute?.Length ?? 0));
        }
        else if (isNil)
        {
            Add(StepKind.Start, node, null, null, null, node.Name.Length);
            Add(StepKind.Nil, node, row, text, why, text.Length);
            Add(StepKind.End, node, null, null, null, node.Name.Length);
        }
        else
        {
            Add(StepKind.Leaf, node, row, text, why, text.Length + (2 * node.Name.Length));
        }

        // What a row says of a missing value is a value too: its branch stays.
        return isNil || !ReferenceEquals(used, row.Is) || !used.IsConstant;
    }

    /// <summary>A row's value, which may be missing.</summary>
    /// <returns>False where the row does not apply, or has a problem.</returns>
    private bool Read(ValueRow row, out CompiledExpression used, out string? text)
    {
        (used, text) = (row.Is, null);
        try
        {
            if (row.When is not null)
            {
                used = row.When;
                if (used.Evaluate(_scope) is not true)
                {
                    return false;
                }

                used = row.Is;
            }

            text = Functions.AsText(used.Evaluate(_scope));
            if (row.Default is not null && string.IsNullOrWhiteSpace(text))
            {
                used = row.Default;
                text = Functions.AsText(used.Evaluate(_scope));
            }

            return true;
        }
        catch (ValueTooLongException e)
        {
            TooLong(used, row.Row, e);
            return false;
        }
    }

    private Reasons Why(CompiledExpression used) => new(
        used, [.. used.Reads.Select(r => KeyValuePair.Create(r.Path, Functions.AsText(r.Evaluate(_scope))))], [.. used.Tables.Select(Looked)]);

    /// <summary>The value of an expression; null and a problem of its row where it grows beyond its bound.</summary>
    private object? Of(CompiledExpression expression, Model.Row row)
    {
        try
        {
            return expression.Evaluate(_scope);
        }
        catch (ValueTooLongException e)
        {
            TooLong(expression, row, e);
            return null;
        }
    }

    private void TooLong(CompiledExpression expression, Model.Row row, ValueTooLongException problem) =>
        Report("mapping.value-too-long", $"In '{expression.Text}' {problem.Message}.", row, "Cut it with truncate(…) where losing the rest is meant.");

    private TableLookup Looked(TableRead read)
    {
        var key = read.Key(_scope) as string;
        return new TableLookup(read.Table.Name, key, key is null ? null : read.Table.Entries.GetValueOrDefault(key) ?? read.Table.Otherwise);
    }

    private void Add(StepKind kind, TargetNode node, ValueRow? row, string? text, Reasons? why, int characters)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, 2 * _count);
        }

        // Field by field: a copy of the whole would go through the runtime's block copy, which costs more than all the rest here.
        ref var step = ref _steps[_count++];
        step.Kind = kind;
        step.Node = node;
        step.Row = row;
        step.Text = text;
        step.Why = why;
        _characters += characters;
        if (_characters > CompiledMapping.MaxBytes && !_stopped)
        {
            _stopped = true;
            Report("mapping.too-large", $"The message grows beyond {CompiledMapping.MaxBytes} bytes.", row?.Row ?? node.FirstRow, null);
        }
    }

    private static char? Forbidden(string text)
    {
        // Nearly all text is plain, and this looks at many characters at once.
        var first = text.AsSpan().IndexOfAnyExceptInRange(' ', '\uD7FF');
        for (var i = Math.Max(first, 0); first >= 0 && i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(text[i]))
            {
                return text[i];
            }
        }

        return null;
    }

    private void Report(string code, string message, Model.Row row, string? suggestion) =>
        _problems.Add(new MappingProblem(code, message, row.Line, row.Column, row.To.Text, suggestion));

    internal enum StepKind
    {
        Start,

        /// <summary>An element with a value and nothing else, in one step.</summary>
        Leaf,
        Attribute,
        Text,
        Nil,
        End,
    }

    [StructLayout(LayoutKind.Auto)]
    internal struct Step
    {
        public StepKind Kind { get; set; }

        public TargetNode Node { get; set; }

        /// <summary>The row that gave the value; null where an element starts or ends.</summary>
        public ValueRow? Row { get; set; }

        public string? Text { get; set; }

        /// <summary>Where the value comes from, where an explanation was asked for.</summary>
        public Reasons? Why { get; set; }
    }

    /// <param name="Used">The row's expression, or the one for a missing value.</param>
    /// <param name="Read">What it read.</param>
    /// <param name="Looked">The tables it looked into.</param>
    internal sealed record Reasons(CompiledExpression Used, IReadOnlyList<KeyValuePair<string, string?>> Read, IReadOnlyList<TableLookup> Looked);
}
