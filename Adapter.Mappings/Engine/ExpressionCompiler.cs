using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Model;

namespace Adapter.Mappings.Engine;

/// <summary>Turns an expression into a delegate, once, checking every name and kind on the way.</summary>
/// <param name="root">What the document reads.</param>
/// <param name="items">Type of the items per level of repetition around the expression, outermost first.</param>
/// <param name="isSearch">Whether it is the condition of <c>first</c>.</param>
internal sealed class ExpressionCompiler(RecordType root, IReadOnlyDictionary<string, CodeTable> tables, IReadOnlyList<RecordType> items, bool isSearch = false)
{
    /// <summary>Functions whose result kind follows their arguments, or that take a name as an argument.</summary>
    internal static readonly string[] Special = ["coalesce", "if", "table", "find", "ordinal", "first", "last", "join"];

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly List<SourceRead> _reads = [];
    private readonly List<string> _uses = [];
    private readonly List<TableRead> _tables = [];

    /// <exception cref="ExpressionException">The text is no expression, or names something that does not exist.</exception>
    public static CompiledExpression Compile(string text, RecordType root, IReadOnlyDictionary<string, CodeTable> tables, IReadOnlyList<RecordType> items)
    {
        var compiler = new ExpressionCompiler(root, tables, items);
        var typed = compiler.Compile(ExpressionParser.Parse(text));
        return new CompiledExpression(
            text, typed.Shape, typed.Evaluate, compiler._reads.Count == 0, compiler._reads, [.. compiler._uses.Distinct(StringComparer.Ordinal)], typed.Outcomes)
        {
            Tables = compiler._tables,
        };
    }

    private Typed Compile(Expr expr)
    {
        switch (expr)
        {
            case Expr.Literal literal:
                var value = literal.Value is bool truth ? Box(truth) : literal.Value;
                return new Typed(value switch { string => Shape.Text, bool => Shape.Boolean, _ => Shape.Number }, _ => value) { Outcomes = [new Outcome(Functions.AsText(value)!, literal.Offset)] };
            case Expr.Name or Expr.Member:
                return Path(expr);
            case Expr.Call call:
                return Call(call);
            case Expr.Not not:
                var negated = Condition(not.Of);
                return new Typed(Shape.Boolean, scope => Box(negated(scope) is not true));
            case Expr.Logic logic:
                var (left, right) = (Condition(logic.Left), Condition(logic.Right));
                return new Typed(Shape.Boolean, logic.IsAnd
                    ? scope => Box(left(scope) is true && right(scope) is true)
                    : scope => Box(left(scope) is true || right(scope) is true));
            case Expr.Compare compare:
                return Compare(compare);
            case Expr.In isIn:
                return In(isIn);
            default:
                throw new ExpressionException("mapping.syntax", "This is not an expression.", expr.Offset);
        }
    }

    private Evaluate Condition(Expr expr)
    {
        var (shape, evaluate) = Compile(expr);
        return shape.Kind == ShapeKind.Boolean
            ? evaluate
            : throw new ExpressionException("mapping.wrong-type", $"Expected true or false, but this is {shape.Describe()}.", expr.Start, "Compare it with something, or use exists(…).");
    }

    private Typed Path(Expr expr)
    {
        var typed = Resolve(expr);
        if (Spell(expr) is { } path && !_reads.Exists(r => r.Path == path))
        {
            _reads.Add(new SourceRead(path, typed.Evaluate));
        }

        return typed;
    }

    private Typed Resolve(Expr expr)
    {
        switch (expr)
        {
            case Expr.Name { Text: "item" or "index" } name when items.Count == 0:
                throw new ExpressionException("mapping.unknown-source", $"'{name.Text}' stands for the current entry of a list, and this row has no \"each\".", name.Offset);
            case Expr.Name { Text: "outer" } name when items.Count < 2:
                throw new ExpressionException("mapping.unknown-source", "'outer' stands for the entry around the current one, and this row does not repeat at two levels.", name.Offset);
            case Expr.Name { Text: "outer" }:
                return new Typed(new Shape(ShapeKind.Record, items[^2]), scope => scope.Items[items.Count - 2]);
            case Expr.Name { Text: "item" }:
                var level = items.Count - 1;
                return new Typed(new Shape(ShapeKind.Record, items[level]), scope => scope.Items[level]);
            case Expr.Name { Text: "index" }:
                var depth = items.Count - 1;
                return new Typed(Shape.Number, scope => (decimal)scope.Indexes[depth]);
            case Expr.Name name:
                return Property(new Typed(new Shape(ShapeKind.Record, root), scope => scope.Source), name.Text, name.Offset);
            case Expr.Member member:
                // A member of a member is one path; a member of a call starts a new one.
                return Property(member.Of is Expr.Name or Expr.Member ? Resolve(member.Of) : Compile(member.Of), member.Text, member.Offset);
            default:
                return Compile(expr);
        }
    }

    private Typed Property(Typed of, string name, int offset)
    {
        if (of.Shape is not { Kind: ShapeKind.Record, Type: { } type })
        {
            throw new ExpressionException(
                "mapping.unknown-source", $"'.{name}' cannot follow: before the dot stands {of.Shape.Describe()}.", offset,
                of.Shape.Kind == ShapeKind.List ? "Name the list in \"each\" and use item, or take one entry with find(…)." : null);
        }

        var properties = type.Properties;
        if (!properties.TryGetValue(name, out var property))
        {
            IEnumerable<string> known = type == root && items.Count > 0 ? [.. properties.Keys, "item", "index", .. items.Count > 1 ? ["outer"] : Array.Empty<string>()] : properties.Keys;
            throw new ExpressionException("mapping.unknown-source", $"There is no '{name}' {(type == root ? "to read" : $"in {type.Name}")}.", offset, Nearest.To(name, known));
        }

        var (owner, get) = (of.Evaluate, property.Get);
        return new Typed(property.Shape, scope => owner(scope) is { } record ? get(record) : null);
    }

    private static string? Spell(Expr expr) => expr switch
    {
        Expr.Name name => name.Text,
        Expr.Member member when Spell(member.Of) is { } of => $"{of}.{member.Text}",
        _ => null,
    };

    private Typed Compare(Expr.Compare compare)
    {
        var (left, right) = (Compile(compare.Left), Compile(compare.Right));
        var ordered = compare.Operator is not ("=" or "!=");
        SameKind(left, right, compare.Offset);
        if (left.Shape.Kind is ShapeKind.Record or ShapeKind.List || (ordered && left.Shape.Kind is not (ShapeKind.Number or ShapeKind.Instant)))
        {
            throw new ExpressionException("mapping.wrong-type", $"'{compare.Operator}' cannot compare {left.Shape.Describe()} with another.", compare.Offset);
        }

        var (a, b) = (left.Evaluate, right.Evaluate);
        return new Typed(Shape.Boolean, compare.Operator switch
        {
            "=" => scope => Box(Equal(a(scope), b(scope))),
            "!=" => scope => Box(!Equal(a(scope), b(scope))),
            "<" => scope => Box(Order(a(scope), b(scope)) is < 0),
            "<=" => scope => Box(Order(a(scope), b(scope)) is <= 0),
            ">" => scope => Box(Order(a(scope), b(scope)) is > 0),
            _ => scope => Box(Order(a(scope), b(scope)) is >= 0),
        });
    }

    private Typed In(Expr.In isIn)
    {
        var of = Compile(isIn.Of);
        var choices = new HashSet<object>();
        foreach (var choice in isIn.Choices)
        {
            if (choice is not Expr.Literal literal)
            {
                throw new ExpressionException("mapping.wrong-type", "The list behind 'in' holds literal values only.", choice.Offset);
            }

            SameKind(of, Compile(literal), choice.Offset);
            choices.Add(literal.Value);
        }

        var evaluate = of.Evaluate;
        return new Typed(Shape.Boolean, scope => Box(evaluate(scope) is { } value && choices.Contains(value)));
    }

    private Typed Call(Expr.Call call)
    {
        if (call.Function != "table")
        {
            _uses.Add(call.Function);
        }

        if (Functions.All.TryGetValue(call.Function, out var function))
        {
            return Call(call, function);
        }

        return call.Function switch
        {
            "coalesce" => Coalesce(call),
            "if" => If(call),
            "table" => Table(call),
            "find" => Find(call, ordinal: false),
            "ordinal" => Find(call, ordinal: true),
            "first" => Search(call, last: false),
            "last" => Search(call, last: true),
            "join" => Join(call),
            _ => throw new ExpressionException(
                "mapping.unknown-function", $"There is no function '{call.Function}'.", call.Offset, Nearest.To(call.Function, [.. Functions.All.Keys.Order(StringComparer.Ordinal), .. Special])),
        };
    }

    private Typed Call(Expr.Call call, Function function)
    {
        var (given, taken) = (call.Arguments.Count, function.Parameters.Count);
        if (function.Repeats ? given < taken : given != taken)
        {
            throw new ExpressionException("mapping.argument-count", $"{function.Name} takes {(function.Repeats ? "at least " : "")}{taken} argument{(taken == 1 ? "" : "s")}; {given} given.", call.Offset, function.Signature);
        }

        var arguments = new Evaluate[given];
        for (var i = 0; i < given; i++)
        {
            var parameter = function.Parameters[Math.Min(i, taken - 1)];
            var (shape, evaluate) = Compile(call.Arguments[i]);
            if (parameter.Kinds.Length > 0 && !parameter.Kinds.Contains(shape.Kind))
            {
                throw new ExpressionException("mapping.argument-type", $"Argument {i + 1} of {function.Name} is {shape.Describe()}.", call.Arguments[i].Start, function.Signature);
            }

            if (function.Name == "position" && shape.Type?.Clr is var place && place != typeof(EventInfo) && place != typeof(GeoPoint) && place != typeof(Office))
            {
                throw new ExpressionException("mapping.argument-type", $"{shape.Type?.Name} has no position.", call.Arguments[i].Start, "Use position(event).");
            }

            if (call.Arguments[i] is Expr.Literal { Value: decimal number } && (number > parameter.Most || number < -parameter.Most))
            {
                throw new ExpressionException("mapping.argument-value", $"{function.Name} takes a {parameter.Name} of at most {parameter.Most}.", call.Arguments[i].Start, function.Signature);
            }

            arguments[i] = evaluate;
        }

        return new Typed(function.Result, scope =>
        {
            var values = new object?[arguments.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = arguments[i](scope);
                if (values[i] is null && !function.NullIn)
                {
                    return null;
                }
            }

            return function.Apply(values);
        })
        {
            Outcomes = function.Sample is { } sample ? [new Outcome(sample, call.Offset, Function: function.Name)] : [],
        };
    }

    private Typed Coalesce(Expr.Call call)
    {
        AtLeast(call, 2, "coalesce(value, other, …)");
        var values = call.Arguments.Select(Compile).ToArray();
        for (var i = 1; i < values.Length; i++)
        {
            SameKind(values[0], values[i], call.Arguments[i].Start);
        }

        return new Typed(values[0].Shape, scope =>
        {
            foreach (var value in values)
            {
                // A blank text counts as missing everywhere in a mapping.
                if (value.Evaluate(scope) is { } found and not "")
                {
                    return found;
                }
            }

            return null;
        })
        {
            Outcomes = [.. values.SelectMany(v => v.Outcomes)],
        };
    }

    private Typed If(Expr.Call call)
    {
        Exactly(call, 3, "if(condition, then, otherwise)");
        var condition = Condition(call.Arguments[0]);
        var (then, otherwise) = (Compile(call.Arguments[1]), Compile(call.Arguments[2]));
        SameKind(then, otherwise, call.Arguments[2].Start);
        return new Typed(then.Shape, scope => condition(scope) is true ? then.Evaluate(scope) : otherwise.Evaluate(scope)) { Outcomes = [.. then.Outcomes, .. otherwise.Outcomes] };
    }

    private Typed Table(Expr.Call call)
    {
        Exactly(call, 2, "table('name', text)");
        var name = LiteralText(call.Arguments[0], "the table's name");
        if (!tables.TryGetValue(name, out var table))
        {
            throw new ExpressionException("mapping.unknown-table", $"The document has no table '{name}'.", call.Arguments[0].Start, Nearest.To(name, tables.Keys));
        }

        _uses.Add($"table {name}");
        var (shape, key) = Compile(call.Arguments[1]);
        _tables.Add(new TableRead(table, key));
        return shape.Kind == ShapeKind.Text
            ? new Typed(Shape.Text, scope => key(scope) is string code ? table.Entries.GetValueOrDefault(code) ?? table.Otherwise : null)
            {
                Outcomes = [.. table.Places.Select(place => new Outcome(place.Value.Text, call.Offset, place.Value))],
            }
            : throw new ExpressionException("mapping.argument-type", $"Argument 2 of table is {shape.Describe()}.", call.Arguments[1].Start, "table('name', text)");
    }

    /// <summary><c>find</c> takes the first entry whose property has a value, <c>ordinal</c> its place from 1.</summary>
    private Typed Find(Expr.Call call, bool ordinal)
    {
        var signature = $"{call.Function}(list, 'property', text)";
        Exactly(call, 3, signature);
        var (list, type) = List(call, signature);
        var property = TextOf(type, call.Arguments[1]);
        var wanted = Compile(call.Arguments[2]);
        if (wanted.Shape.Kind != ShapeKind.Text)
        {
            throw new ExpressionException("mapping.argument-type", $"Argument 3 of {call.Function} is {wanted.Shape.Describe()}.", call.Arguments[2].Start, signature);
        }

        return new Typed(ordinal ? Shape.Number : new Shape(ShapeKind.Record, type), scope =>
        {
            if (list.Evaluate(scope) is not IReadOnlyList<object> entries || wanted.Evaluate(scope) is not string text)
            {
                return null;
            }

            for (var i = 0; i < Math.Min(entries.Count, CompiledMapping.MaxItems); i++)
            {
                if (property.Get(entries[i]) is string value && value == text)
                {
                    return ordinal ? (decimal)(i + 1) : entries[i];
                }
            }

            return null;
        });
    }

    /// <summary>The first or last entry for which the condition holds; in it, <c>item</c> is the entry.</summary>
    private Typed Search(Expr.Call call, bool last)
    {
        var signature = $"{call.Function}(list, condition)";
        Exactly(call, 2, signature);
        if (isSearch)
        {
            throw new ExpressionException("mapping.syntax", $"{call.Function} cannot stand in the condition of another search.", call.Offset, "Search in one list at a time.");
        }

        var (list, type) = List(call, signature);
        var level = items.Count;
        var search = new ExpressionCompiler(root, tables, [.. items, type], isSearch: true);
        var condition = search.Condition(call.Arguments[1]);
        _uses.AddRange(search._uses);
        // What is read of the entries has no one value that could explain the result.
        _reads.AddRange(search._reads.Where(read => !IsOfEntry(read.Path) && !_reads.Exists(r => r.Path == read.Path)));
        return new Typed(new Shape(ShapeKind.Record, type), scope =>
        {
            if (list.Evaluate(scope) is not IReadOnlyList<object> entries)
            {
                return null;
            }

            try
            {
                var count = Math.Min(entries.Count, CompiledMapping.MaxItems);
                for (var n = 0; n < count; n++)
                {
                    var i = last ? count - 1 - n : n;
                    (scope.Items[level], scope.Indexes[level]) = (entries[i], i + 1);
                    if (condition(scope) is true)
                    {
                        return entries[i];
                    }
                }

                return null;
            }
            finally
            {
                scope.Items[level] = null;
            }
        });
    }

    /// <summary>The texts of all entries with a space between, cut where the author says that losing the rest is meant.</summary>
    private Typed Join(Expr.Call call)
    {
        const string Signature = "join(list, 'property', length)";
        Exactly(call, 3, Signature);
        var (list, type) = List(call, Signature);
        var property = TextOf(type, call.Arguments[1]);
        if (call.Arguments[2] is not Expr.Literal { Value: decimal and >= 1 and <= Functions.MaxText } most)
        {
            throw new ExpressionException("mapping.argument-value", $"join takes a length from 1 to {Functions.MaxText}.", call.Arguments[2].Start, Signature);
        }

        var length = (int)(decimal)most.Value;
        return new Typed(Shape.Text, scope =>
        {
            var text = new System.Text.StringBuilder();
            foreach (var part in ((list.Evaluate(scope) as IReadOnlyList<object>) ?? []).Take(CompiledMapping.MaxItems).Select(entry => property.Get(entry)).OfType<string>().TakeWhile(_ => text.Length < length))
            {
                text.Append(text.Length == 0 ? "" : " ").Append(part);
            }

            return text.Length == 0 ? null : Functions.Cut(text.ToString(), 0, length);
        });
    }

    private (Typed List, RecordType Type) List(Expr.Call call, string signature)
    {
        var list = Compile(call.Arguments[0]);
        return list.Shape is { Kind: ShapeKind.List, Type: { } type }
            ? (list, type)
            : throw new ExpressionException("mapping.argument-type", $"Argument 1 of {call.Function} is {list.Shape.Describe()}.", call.Arguments[0].Start, signature);
    }

    private static SourceProperty TextOf(RecordType type, Expr name)
    {
        var text = LiteralText(name, "the property's name");
        return type.Properties.TryGetValue(text, out var property) && property.Shape.Kind == ShapeKind.Text
            ? property
            : throw new ExpressionException(
                "mapping.unknown-source", $"{type.Name} has no text '{text}'.", name.Start, Nearest.To(text, type.Properties.Where(p => p.Value.Shape.Kind == ShapeKind.Text).Select(p => p.Key)));
    }

    private static bool IsOfEntry(string path) => path is "item" or "index" or "outer" || path.StartsWith("item.", StringComparison.Ordinal) || path.StartsWith("outer.", StringComparison.Ordinal);

    private static string LiteralText(Expr expr, string what) => expr is Expr.Literal { Value: string text }
        ? text
        : throw new ExpressionException("mapping.argument-type", $"Here stands {what}, between single quotes.", expr.Offset);

    private static void Exactly(Expr.Call call, int count, string signature)
    {
        if (call.Arguments.Count != count)
        {
            throw new ExpressionException("mapping.argument-count", $"{call.Function} takes {count} arguments; {call.Arguments.Count} given.", call.Offset, signature);
        }
    }

    private static void AtLeast(Expr.Call call, int count, string signature)
    {
        if (call.Arguments.Count < count)
        {
            throw new ExpressionException("mapping.argument-count", $"{call.Function} takes at least {count} arguments; {call.Arguments.Count} given.", call.Offset, signature);
        }
    }

    private static void SameKind(Typed a, Typed b, int offset)
    {
        if (a.Shape != b.Shape)
        {
            throw new ExpressionException("mapping.wrong-type", $"{Sentence(a.Shape.Describe())} and {b.Shape.Describe()} do not go together.", offset, "Use text(…) to make a text of a number or of true and false.");
        }
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static bool Equal(object? a, object? b) => Equals(a, b);

    private static int? Order(object? a, object? b) => (a, b) switch
    {
        (decimal x, decimal y) => x.CompareTo(y),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        _ => null,
    };

    private static object Box(bool value) => value ? True : False;

    private sealed record Typed(Shape Shape, Evaluate Evaluate)
    {
        /// <summary>Texts known to be able to come out.</summary>
        public IReadOnlyList<Outcome> Outcomes { get; init; } = [];
    }
}
