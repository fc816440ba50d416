using System.Globalization;
using System.Text;
using System.Xml;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Engine;

/// <summary>A document ready to run. Immutable, usable by many threads; the same event or message always gives the same bytes.</summary>
public sealed class CompiledMapping
{
    /// <summary>Largest message made.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Most entries of one list that are written.</summary>
    public const int MaxItems = 1000;

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
        // A carriage return in a value is written as a character reference; a reader would turn it into a line feed.
        NewLineHandling = NewLineHandling.Entitize,
    };

    [ThreadStatic]
    private static MappingRun? _idle;

    private readonly SchemaTarget _target;
    private readonly TargetNode _root;
    private readonly IReadOnlyList<Row> _rows;
    private readonly IReadOnlyDictionary<string, string> _prefixes;
    private readonly string? _rootPrefix;
    private readonly RecordType _source;

    internal CompiledMapping(MappingDocument document, SchemaTarget target, TargetNode root, RecordType source)
    {
        _source = source;
        (DocumentId, Version, Target) = (document.Id, document.Version, document.Target);
        (_target, _root, _rows, _prefixes) = (target, root, document.Rows, document.Prefixes);
        _rootPrefix = document.Prefixes.FirstOrDefault(p => p.Value == root.Namespace).Key;
    }

    public string DocumentId { get; }

    public int Version { get; }

    public string Target { get; }

    /// <summary>Whether it reads what neighbours send (<see cref="ReceivedMessage"/>), as opposed to events of ours.</summary>
    public bool ReadsMessages => _source.Clr == typeof(ReceivedMessage);

    /// <summary>Makes the message and checks it against the target's schemas.</summary>
    /// <param name="source">An <see cref="OutgoingEvent"/> or a <see cref="ReceivedMessage"/>, whichever the document reads.</param>
    public MappingOutcome Apply(object source)
    {
        var outcome = Make(source);
        if (outcome is not MappingOutcome.Mapped made)
        {
            return outcome;
        }

        var invalid = XsdValidator.Validate(made.Body, _target.Schemas);
        return invalid.Count == 0 ? made : new MappingOutcome.Failed([.. invalid.Select(Explained)]);
    }

    /// <summary>The message as it would be, not yet held against the schemas.</summary>
    internal MappingOutcome Make(object source) => WithRun<MappingOutcome>(run =>
    {
        if (source.GetType() != _source.Clr)
        {
            return new MappingOutcome.Failed([new MappingProblem("mapping.unknown-source", $"'{DocumentId}' reads {_source.Name}, and was given {source.GetType().Name}.", null, null, null, "Choose another document.")]);
        }

        if (run.Collect(_root, source, explain: false) is { Count: > 0 } problems)
        {
            return new MappingOutcome.Failed(problems);
        }

        var bytes = run.Buffer;
        using (var writer = XmlWriter.Create(bytes, Settings))
        {
            run.Write(writer, _rootPrefix, _prefixes);
        }

        var body = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        if (body.Length > MaxBytes)
        {
            return new MappingOutcome.Failed([new MappingProblem("mapping.too-large", $"The message has {body.Length} bytes; at most {MaxBytes} can be sent.", null, null, null, null)]);
        }

        return new MappingOutcome.Mapped(body.ToArray());
    });

    /// <summary>Every value that the message would have, with where it comes from, also when the message cannot be made.</summary>
    public IReadOnlyList<ExplainedElement> Explain(object source) => WithRun<IReadOnlyList<ExplainedElement>>(run =>
    {
        run.Collect(_root, source, explain: true);
        var explained = new List<ExplainedElement>();
        var path = new List<string>();
        var counts = new Stack<Dictionary<string, int>>();
        foreach (var step in run.Steps)
        {
            switch (step.Kind)
            {
                case MappingRun.StepKind.Start:
                    Enter(step.Node);
                    break;
                case MappingRun.StepKind.End:
                    Leave();
                    break;
                case MappingRun.StepKind.Leaf:
                    Enter(step.Node);
                    explained.Add(Of(step));
                    Leave();
                    break;
                default:
                    explained.Add(Of(step));
                    break;
            }
        }

        return explained;

        void Enter(TargetNode node)
        {
            if (counts.TryPeek(out var siblings))
            {
                var place = siblings[node.Name] = siblings.GetValueOrDefault(node.Name) + 1;
                path.Add(node.Repeats || node.Sibling is not null ? string.Create(CultureInfo.InvariantCulture, $"{node.Name}[{place}]") : node.Name);
            }

            counts.Push(new Dictionary<string, int>(StringComparer.Ordinal));
        }

        void Leave()
        {
            counts.Pop();
            if (path.Count > 0)
            {
                path.RemoveAt(path.Count - 1);
            }
        }

        ExplainedElement Of(in MappingRun.Step step)
        {
            var (row, why) = (step.Row!, step.Why!);
            var attribute = step.Kind == MappingRun.StepKind.Nil ? "xsi:nil" : row.Attribute;
            var at = attribute is null ? string.Join('/', path) : string.Join('/', [.. path, "@" + attribute]);
            return new ExplainedElement(at, step.Text!, row.Row.To.Text, row.Row.Line, why.Used.Text, why.Read, why.Used.Uses) { Tables = why.Looked };
        }
    });

    /// <summary>Names the row that wrote what the schema does not accept.</summary>
    private MappingProblem Explained(ValidationProblem problem)
    {
        var row = _rows.FirstOrDefault(r => $"{_root.Name}/{Plain(r.To.Text)}" == problem.ElementPath);
        return new MappingProblem("mapping.schema-invalid", $"{problem.ElementPath}: {problem.Message}", row?.Line, row?.Column, row?.To.Text, null);
    }

    /// <summary>A row's path without marks and labels, as the validator knows it.</summary>
    private static string Plain(string path) =>
        string.Join('/', path.Split('/').Select(step => step.TrimEnd('*').Split('[')[0]));

    private static T WithRun<T>(Func<MappingRun, T> use)
    {
        // Taken while in use: a getter of the event that mapped another event would otherwise write into this one.
        var run = _idle ?? new MappingRun();
        _idle = null;
        try
        {
            return use(run);
        }
        finally
        {
            run.Reset();
            _idle = run;
        }
    }
}
