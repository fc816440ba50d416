using System.Xml.Schema;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Engine;

/// <param name="Mapping">Null when there is a problem.</param>
public sealed record MappingCompilation(CompiledMapping? Mapping, IReadOnlyList<MappingProblem> Problems);

/// <summary>Checks a document against the event or message it reads and the schema it writes, and makes it ready to run.</summary>
public static class MappingCompiler
{
    /// <summary>Every problem is reported, not the first alone.</summary>
    public static MappingCompilation Compile(MappingDocument document, SchemaCatalogue schemas)
    {
        var compilation = new Compilation(document);
        return compilation.Run(schemas);
    }

    private sealed class Compilation(MappingDocument document)
    {
        private readonly List<MappingProblem> _problems = [];
        private readonly List<string[]> _failed = [];
        private SchemaNavigation _schema = null!;
        private RecordType _source = null!;

        public MappingCompilation Run(SchemaCatalogue schemas)
        {
            if (SourceCatalogue.Root(document.Source, schemas) is { } source)
            {
                _source = source;
            }
            else
            {
                Report("mapping.unknown-source", $"There is no source '{document.Source}'.", "source", Nearest.To(document.Source, [SourceCatalogue.Name, .. schemas.Targets]));
                _source = SourceCatalogue.Of(typeof(OutgoingEvent));
            }

            if (!schemas.TryFind(document.Target, out var target))
            {
                var meant = Nearest.To(document.Target, schemas.Targets);
                Report(
                    "mapping.unknown-target", $"There is no target '{document.Target}'.", "target",
                    meant?.StartsWith("Did", StringComparison.Ordinal) == true ? meant : $"{meant} One of your own needs its schemas: --target FOLDER on the command line, POST /api/mapping-targets at a host.".TrimStart());
                return new MappingCompilation(null, _problems);
            }

            if (document.Rows.Count == 0)
            {
                Report("mapping.missing-property", "The document has no rows.", "rows", suggestion: null);
                return new MappingCompilation(null, _problems);
            }

            _schema = new SchemaNavigation(target.Schemas);
            var root = new TargetNode(target.Root, null, null, repeats: false, order: 0) { FirstRow = document.Rows[0] };
            foreach (var row in document.Rows)
            {
                var before = _problems.Count;
                Add(root, row);
                if (_problems.Count > before)
                {
                    _failed.Add(row.To.Text.Split('/'));
                }
            }

            CheckRequired(root);
            CheckPrefixes();
            root.Seal();
            return _problems.Count == 0
                ? new MappingCompilation(new CompiledMapping(document, target, root, _source), [])
                : new MappingCompilation(null, [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
        }

        private void Add(TargetNode root, Row row)
        {
            if (Try(row, row.To, () => TargetPath.Parse(row.To.Text)) is not { } path)
            {
                return;
            }

            var repeating = path.Steps.Count(s => s.Repeats);
            if (repeating != row.Each.Count)
            {
                Report("mapping.each-count", $"The path repeats at {repeating} level{(repeating == 1 ? "" : "s")}, \"each\" names {row.Each.Count} list{(row.Each.Count == 1 ? "" : "s")}.", row, row.To, 0, "Name one list per *, outermost first.");
                return;
            }

            var node = root;
            var items = new List<RecordType>();
            foreach (var step in path.Steps)
            {
                if (Descend(node, step, row, items) is not { } child)
                {
                    return;
                }

                node = child;
            }

            Fill(node, path, row, items);
        }

        /// <summary>The child that a step names, made when it is the first row to name it.</summary>
        private TargetNode? Descend(TargetNode parent, TargetStep step, Row row, List<RecordType> items)
        {
            var children = _schema.Children(parent.Schema);
            if (children.FirstOrDefault(c => c.Element.QualifiedName.Name == step.Name) is not { } found)
            {
                var where = parent.Path.Length == 0 ? parent.Name : parent.Path;
                Report("mapping.unknown-element", $"There is no element '{step.Name}' in {where}.", row, row.To, step.Offset, Nearest.To(step.Name, children.Select(c => c.Element.QualifiedName.Name)));
                return null;
            }

            if (found.Most == 0)
            {
                Report("mapping.unknown-element", $"The schema forbids '{step.Name}' there.", row, row.To, step.Offset);
                return null;
            }

            if ((step.Repeats || step.Sibling is not null) && !found.Repeatable)
            {
                Report("mapping.not-repeatable", $"'{step.Name}' can stand there once only.", row, row.To, step.Offset, $"Write {step.Name} without {(step.Repeats ? "*" : "a label")}.");
                return null;
            }

            CompiledExpression? each = null;
            var level = items.Count;
            if (step.Repeats)
            {
                var cell = row.Each[level];
                each = Compile(row, cell, items);
                if (each is null)
                {
                    return null;
                }

                if (each.Shape is not { Kind: ShapeKind.List, Type: { } itemType })
                {
                    Report("mapping.wrong-type", $"\"each\" needs a list; this is {each.Shape.Describe()}.", row, cell, 0);
                    return null;
                }

                items.Add(itemType);
            }

            var child = parent.Children.Find(c => c.Name == step.Name && c.Sibling == step.Sibling && c.Repeats == step.Repeats);
            if (child is null)
            {
                if (!found.Repeatable && parent.Children.Exists(c => c.Name == step.Name))
                {
                    Report("mapping.not-repeatable", $"'{step.Name}' can stand there once only.", row, row.To, step.Offset);
                    return null;
                }

                if (!step.Repeats && parent.Children.Count(c => c.Name == step.Name && !c.Repeats) + 1 > found.Most)
                {
                    Report("mapping.not-repeatable", $"'{step.Name}' can stand there {found.Most} times at most.", row, row.To, step.Offset);
                    return null;
                }

                child = new TargetNode(found.Element, parent, step.Sibling, step.Repeats, found.Order) { FirstRow = row, Level = level, Each = each, Branches = found.Branches };
                parent.Children.Add(child);
            }
            else if (each is not null && each.Text != child.Each!.Text)
            {
                Report("mapping.each-differs", $"'{step.Name}*' repeats over '{child.Each.Text}' in row {child.FirstRow.Number}, and over '{each.Text}' here.", row, row.Each[level], 0, "Use the same list in all rows, or a label to write a second run of elements.");
                return null;
            }

            return child;
        }

        private void Fill(TargetNode node, TargetPath path, Row row, List<RecordType> items)
        {
            var when = row.When is null ? null : Condition(row, row.When, items);
            if (path.Attribute is { } attribute)
            {
                var attributes = SchemaNavigation.Attributes(node.Schema);
                if (attributes.FirstOrDefault(a => a.QualifiedName.Name == attribute) is not { } declared)
                {
                    Report("mapping.unknown-attribute", $"There is no attribute '{attribute}' on {(node.Path.Length == 0 ? node.Name : node.Path)}.", row, row.To, row.To.Text.Length - attribute.Length, Nearest.To(attribute, attributes.Select(a => a.QualifiedName.Name)));
                }
                else if (node.Attributes.Exists(a => a.Attribute == attribute))
                {
                    Duplicate(row);
                }
                else if (Value(row, when, items, declared.AttributeSchemaType, attribute, declared.QualifiedName.Namespace) is { } value)
                {
                    node.Attributes.Add(value);
                }
            }
            else if (row.Is is null)
            {
                if (node.When is not null)
                {
                    Duplicate(row);
                }

                (node.When, node.WhenRow) = (when, row);
            }
            else if (!SchemaNavigation.HoldsValue(node.Schema))
            {
                Report("mapping.not-a-value", $"'{node.Name}' holds elements, not a value.", row, row.To, 0, Nearest.To("", _schema.Children(node.Schema).Select(c => c.Element.QualifiedName.Name)));
            }
            else if (node.Value is not null)
            {
                Duplicate(row);
            }
            else
            {
                node.Value = Value(row, when, items, node.Schema.ElementSchemaType, null, "", node.Schema.IsNillable);
            }
        }

        private ValueRow? Value(Row row, CompiledExpression? when, List<RecordType> items, XmlSchemaType? type, string? attribute, string attributeNamespace, bool nillable = false)
        {
            if (row.Is is null)
            {
                Report("mapping.missing-property", "A row about an attribute needs \"is\".", row, row.To, 0);
                return null;
            }

            if (row.Missing is MissingRule.Nil && (attribute is not null || !nillable))
            {
                Report("mapping.not-nillable", "The schema does not let this say that it has no value.", row, row.To, 0, "Use \"missing\": \"omit\" where the schema lets it be absent, or a default.");
            }

            var value = Scalar(row, row.Is, items, type);
            var substitute = row.Missing is MissingRule.Substitute { Expression: var cell } ? Scalar(row, cell, items, type) : null;
            return value is null ? null : new ValueRow(row, value, when, substitute, attribute, attributeNamespace);
        }

        private CompiledExpression? Scalar(Row row, Cell cell, List<RecordType> items, XmlSchemaType? type)
        {
            if (Compile(row, cell, items) is not { } compiled)
            {
                return null;
            }

            if (compiled.Shape.Kind is ShapeKind.Record or ShapeKind.List or ShapeKind.Instant)
            {
                var hint = compiled.Shape.Kind == ShapeKind.Instant ? TypeFit.FormatFor(type) ?? TypeFit.FormatFor(null) : "Name one of its properties.";
                Report("mapping.wrong-type", $"This is {compiled.Shape.Describe()} and cannot be written as it is.", row, cell, 0, hint);
                return null;
            }

            var misfits = TypeFit.Check(compiled, type).ToList();
            if (misfits.Count == 0 && compiled.IsConstant && compiled.Outcomes.Count == 0)
            {
                misfits.AddRange(TypeFit.Check(compiled with { Outcomes = Settled(compiled) }, type));
            }

            foreach (var misfit in misfits)
            {
                var at = misfit.At;
                Report(misfit.Code, misfit.Message, row, at?.Entry ?? cell, at is { Entry: null } ? at.Offset : 0, misfit.Suggestion);
            }

            return misfits.Count == 0 ? compiled : null;
        }

        /// <summary>What an expression gives that reads nothing of the event.</summary>
        private static List<Outcome> Settled(CompiledExpression compiled)
        {
            try
            {
                return Functions.AsText(compiled.Evaluate(new Scope { Source = null })) is { } text ? [new Outcome(text, 0)] : [];
            }
            catch (ValueTooLongException)
            {
                return [];
            }
        }

        private CompiledExpression? Condition(Row row, Cell cell, List<RecordType> items)
        {
            var compiled = Compile(row, cell, items);
            if (compiled is not null && compiled.Shape.Kind != ShapeKind.Boolean)
            {
                Report("mapping.wrong-type", $"\"when\" needs a condition; this is {compiled.Shape.Describe()}.", row, cell, 0, "Compare it with something, or use exists(…).");
                return null;
            }

            return compiled;
        }

        private CompiledExpression? Compile(Row row, Cell cell, List<RecordType> items) =>
            Try(row, cell, () => ExpressionCompiler.Compile(cell.Text, _source, document.Tables, [.. items]));

        /// <summary>What the schema wants in an element that is written, and no row gives; and branches of a choice that cannot go together.</summary>
        private void CheckRequired(TargetNode node)
        {
            var children = _schema.Children(node.Schema);
            bool Given(SchemaChild child) => node.Children.Exists(n => n.Schema.QualifiedName == child.Element.QualifiedName);
            var chosen = node.Children.SelectMany(n => n.Branches).Select(b => (b.Choice, b.Branch)).ToHashSet();
            foreach (var child in children.Where(c => !Given(c) && !children.Any(other => other.Order == c.Order && Given(other))))
            {
                if (child.Required || (child.Branches is [.., { RequiredInside: true } inner] && chosen.Contains((inner.Choice, inner.Branch))))
                {
                    Missing(node, child.Element.QualifiedName.Name, "element");
                }
            }

            foreach (var choice in children.SelectMany(c => c.Branches.Take(1).Select(b => (Branch: b, Child: c))).Where(c => c.Branch.ChoiceRequired).GroupBy(c => c.Branch.Choice))
            {
                if (!choice.Any(c => chosen.Contains((choice.Key, c.Branch.Branch))))
                {
                    Missing(node, string.Join("' or '", choice.Select(c => c.Child.Element.QualifiedName.Name)), "element");
                }
            }

            foreach (var attribute in SchemaNavigation.Attributes(node.Schema).Where(a => a.Use == XmlSchemaUse.Required && !node.Attributes.Exists(n => n.Attribute == a.QualifiedName.Name)))
            {
                Missing(node, attribute.QualifiedName.Name, "attribute");
            }

            CheckChoices(node);
            foreach (var child in node.Children)
            {
                CheckRequired(child);
            }
        }

        private void CheckChoices(TargetNode node)
        {
            foreach (var later in node.Children.Where(c => c.IsCertain))
            {
                var rival = node.Children.TakeWhile(c => c != later)
                    .FirstOrDefault(c => c.IsCertain && c.Branches.Any(b => later.Branches.Any(o => o.Choice == b.Choice && o.Branch != b.Branch)));
                if (rival is not null)
                {
                    Report("mapping.choice-conflict", $"The schema wants either '{rival.Name}' or '{later.Name}', and every message would have both.", later.FirstRow, later.FirstRow.To, 0, "Give both a \"when\" of which one is true at a time.");
                }
            }
        }

        /// <summary>A problem outside the rows, at the property that it is about.</summary>
        private void Report(string code, string message, string property, string? suggestion)
        {
            var place = document.Places.GetValueOrDefault(property);
            _problems.Add(new MappingProblem(code, message, place?.Line ?? 1, place?.Column ?? 1, null, suggestion));
        }

        private void CheckPrefixes()
        {
            foreach (var twice in document.Prefixes.GroupBy(p => p.Value, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                Report("mapping.wrong-value", $"The namespace {twice.Key} has {twice.Count()} prefixes: {string.Join(", ", twice.Select(p => p.Key))}.", $"prefixes.{twice.Last().Key}", "Keep one.");
            }
        }

        private void Missing(TargetNode node, string name, string kind)
        {
            // A row with a problem of its own may be the one that is missed.
            var at = node.Path.Length == 0 ? [] : node.Path.Split('/');
            if (!_failed.Exists(steps => steps.Length > at.Length && steps.Take(at.Length).SequenceEqual(at) && IsMeant(steps[at.Length], name)))
            {
                Report("mapping.required-missing", $"No row gives the {kind} '{name}' that the schema requires in {(node.Path.Length == 0 ? node.Name : node.Path)}.", node.FirstRow, node.FirstRow.To, 0, "Add a row for it.");
            }
        }

        /// <summary>Whether a step of a row that has a problem was meant to be this name.</summary>
        private static bool IsMeant(string step, string name)
        {
            var plain = step.TrimStart('@').TrimEnd('*').Split('[')[0];
            return plain == name || Nearest.To(plain, [name])?.StartsWith("Did", StringComparison.Ordinal) == true;
        }

        private void Duplicate(Row row) =>
            Report("mapping.duplicate-target", "An earlier row writes the same place.", row, row.To, 0, "Join the two with if(…) or coalesce(…), or label the elements if several are meant.");

        private T? Try<T>(Row row, Cell cell, Func<T> compile)
            where T : class
        {
            try
            {
                return compile();
            }
            catch (ExpressionException e)
            {
                Report(e.Code, e.Message, row, cell, e.Offset, e.Suggestion);
                return null;
            }
        }

        private void Report(string code, string message, Row row, Cell cell, int offset, string? suggestion = null) =>
            _problems.Add(new MappingProblem(code, message, cell.Line, cell.Column + offset, row.To.Text, suggestion));
    }
}
