using System.Globalization;
using System.Text;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;

namespace Adapter.Mappings.Validation;

/// <summary>The one check that command line, API and host make of a document: it parses, compiles against its target, and its examples come out as written.</summary>
public static class MappingChecker
{
    /// <param name="version">The version that it is checked as; null for the one written in it.</param>
    public static CheckedPackage Check(MappingPackage package, SchemaCatalogue schemas, int? version = null)
    {
        var reading = MappingDocumentParser.Parse(package.Document);
        if (reading.Document is not { } read)
        {
            return new CheckedPackage(null, null, reading.Problems, []);
        }

        var document = version is { } given ? read with { Version = given } : read;
        var compilation = MappingCompiler.Compile(document, schemas);
        if (compilation.Mapping is not { } mapping)
        {
            return new CheckedPackage(null, document, compilation.Problems, []);
        }

        var problems = new List<MappingProblem>();
        var passed = new List<string>();
        foreach (var example in document.Examples)
        {
            if (Try(example, mapping, package.Files) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                passed.Add(example.Name);
            }
        }

        return new CheckedPackage(mapping, document, problems, passed);
    }

    private static MappingProblem? Try(Example example, CompiledMapping mapping, IReadOnlyDictionary<string, string> files)
    {
        MappingProblem Problem(string message, string? suggestion = null) =>
            new("mapping.example-failed", $"Example '{example.Name}': {message}", example.Line, example.Column, null, suggestion);

        if (!files.TryGetValue(example.Input, out var input))
        {
            return Problem($"there is no file {example.Input}.");
        }

        if (!files.TryGetValue(example.Expect, out var expected))
        {
            return Problem($"there is no file {example.Expect}.");
        }

        if (!MappingSource.TryRead(mapping, input, out var source, out var unreadable))
        {
            return Problem($"{example.Input} cannot be read: {unreadable}");
        }

        switch (mapping.Apply(source))
        {
            case MappingOutcome.Failed failed:
                return Problem($"no message comes out. {string.Join(" ", failed.Problems.Select(p => $"{p.Code}: {p.Message}"))}");
            case MappingOutcome.Mapped mapped:
                var text = Encoding.UTF8.GetString(mapped.Body.Span);
                // A file usually ends with a line feed, the message never does.
                return Difference(text, expected.TrimEnd('\r', '\n')) is { } difference
                    ? Problem($"the message differs from {example.Expect}. {difference}", "Correct the row, or the expected message where it is the one that is wrong.")
                    : null;
            default:
                throw new InvalidOperationException("An outcome is mapped or failed.");
        }
    }

    private static string? Difference(string text, string expected)
    {
        if (text == expected)
        {
            return null;
        }

        var at = text.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return string.Create(CultureInfo.InvariantCulture, $"From character {at + 1} it is '{Around(text, at)}', expected was '{Around(expected, at)}'.");
    }

    private static string Around(string text, int at)
    {
        var from = Math.Max(0, at - 20);
        return text[from..Math.Min(text.Length, at + 40)].ReplaceLineEndings(" ");
    }
}
