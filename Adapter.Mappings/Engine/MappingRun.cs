using System.Globalization;
using System.Xml;

namespace Adapter.Mappings.Engine;

/// <summary>One pass over a document's elements for one event. Reused, so that a message costs few allocations.</summary>
/// <remarks>
/// Collects what is to be written before anything is, because only the end of a branch tells whether it vanishes.
/// </remarks>
internal sealed class MappingRun
{
    private readonly List<Step> _steps = [];
    private readonly List<MappingProblem> _problems = [];
    private readonly Scope _scope = new() { Source = null };
    private long _characters;
    private bool _stopped;

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Fills <see cref="Steps"/>.</summary>
    /// <returns>The problems; empty when the message can be written.</returns>
    public IReadOnlyList<MappingProblem> Collect(TargetNode root, object source, bool explain)
    {
        Reset();
        _scope.Source = source;
        Element(root, explain);
        return [.. _problems];
    }

    public void Write(XmlWriter writer, string? rootPrefix, IReadOnlyDictionary<string, string> prefixes)
    {
        foreach (var step in _steps)
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
        _steps.Clear();
        _problems.Clear();
        (_characters, _stopped, _scope.Source) = (0, false, null);
        Array.Clear(_scope.Items);
    }

    /// <summary>One element with all in it; takes itself back when nothing of the event is in it.</summary>
    /// <returns>Whether a row in the branch that reads the event gave a value.</returns>
    private bool Element(TargetNode node, bool explain)
    {
        if (_stopped || (node.When is not null && Of(node.When, node.WhenRow!) is not true))
        {
            return false;
        }

        var start = _steps.Count;
        var charactersBefore = _characters;
        var gave = false;
        Add(new Step(StepKind.Start, node, null, null, null), node.Name.Length);
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

        Add(new Step(StepKind.End, node, null, null, null), node.Name.Length);
        var empty = node.ReadsSource ? !gave : _steps.Count == start + 2;
        if (empty && node.Parent is not null)
        {
            _steps.RemoveRange(start, _steps.Count - start);
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

    private bool Value(TargetNode node, ValueRow row, StepKind kind, bool explain)
    {
        var problems = _problems.Count;
        if (row.When is not null && Of(row.When, row.Row) is not true)
        {
            return false;
        }

        var used = row.Is;
        var text = Functions.AsText(Of(used, row.Row));
        if (string.IsNullOrWhiteSpace(text) && row.Default is not null)
        {
            used = row.Default;
            text = Functions.AsText(Of(used, row.Row));
        }

        if (_problems.Count > problems)
        {
            return false;
        }

        if (string.IsNullOrWhiteSpace(text) && row.Row.Missing is Model.MissingRule.Nil)
        {
            Add(Explained(new Step(StepKind.Nil, node, row, "true", null) { Used = used }, explain), "nil".Length);
            return true;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            if (row.Row.Missing is not Model.MissingRule.Omit)
            {
                Report("mapping.value-missing", $"'{used.Text}' has no value, and {row.Row.To.Text} cannot go without.", row.Row, "Complete the data, or give the row a \"missing\" rule.");
            }

            return false;
        }

        if (Forbidden(text) is { } character)
        {
            Report("mapping.invalid-character", string.Create(CultureInfo.InvariantCulture, $"The value of '{used.Text}' holds U+{(int)character:X4}, which XML cannot carry."), row.Row, "Correct the data at its source.");
            return false;
        }

        Add(Explained(new Step(kind, node, row, text, null) { Used = used }, explain), text.Length + (row.Attribute?.Length ?? 0));
        return !used.IsConstant;
    }

    private Step Explained(Step step, bool explain) => !explain ? step : step with
    {
        Read = [.. step.Used!.Reads.Select(r => KeyValuePair.Create(r.Path, Functions.AsText(r.Evaluate(_scope))))],
        Looked = [.. step.Used.Tables.Select(Looked)],
    };

    /// <summary>The value of an expression; null and a problem of its row where it grows beyond its bound.</summary>
    private object? Of(CompiledExpression expression, Model.Row row)
    {
        try
        {
            return expression.Evaluate(_scope);
        }
        catch (ValueTooLongException e)
        {
            Report("mapping.value-too-long", $"In '{expression.Text}' {e.Message}.", row, "Cut it with truncate(…) where losing the rest is meant.");
            return null;
        }
    }

    private TableLookup Looked(TableRead read)
    {
        var key = read.Key(_scope) as string;
        return new TableLookup(read.Table.Name, key, key is null ? null : read.Table.Entries.GetValueOrDefault(key) ?? read.Table.Otherwise);
    }

    private void Add(Step step, int characters)
    {
        _steps.Add(step);
        _characters += characters;
        if (_characters > CompiledMapping.MaxBytes && !_stopped)
        {
            _stopped = true;
            Report("mapping.too-large", $"The message grows beyond {CompiledMapping.MaxBytes} bytes.", step.Row?.Row ?? step.Node.FirstRow, null);
        }
    }

    private static char? Forbidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
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
        Attribute,
        Text,
        Nil,
        End,
    }

    /// <param name="Read">What the row read, where an explanation was asked for.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    internal readonly record struct Step(StepKind Kind, TargetNode Node, ValueRow? Row, string? Text, IReadOnlyList<KeyValuePair<string, string?>>? Read)
    {
        /// <summary>The row's expression, or the one for a missing value.</summary>
        public CompiledExpression? Used { get; init; }

        /// <summary>The tables it looked into, where an explanation was asked for.</summary>
        public IReadOnlyList<TableLookup>? Looked { get; init; }
    }
}
