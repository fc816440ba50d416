using System.CommandLine;
using System.Text;
using Adapter.Mappings;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Cli;

/// <summary><c>mapping</c>: works on mapping documents in files, and between files and the store. Exit codes: 0 sound, 1 something is wrong with a document, 2 the command cannot be carried out.</summary>
internal static class MappingCommand
{
    public const int Wrong = 1;
    public const int NotPossible = 2;

    public static Command Create(Action<WebApplicationBuilder>? configure)
    {
        var command = new Command("mapping", "Mapping documents: check, try and rehearse them; exit code 1 means that something is wrong with one.");
        command.Subcommands.Add(Lint());
        command.Subcommands.Add(Test());
        command.Subcommands.Add(Preview());
        command.Subcommands.Add(MappingStoreCommand.Rehearse(configure));
        command.Subcommands.Add(MappingStoreCommand.Export(configure));
        command.Subcommands.Add(MappingStoreCommand.Import(configure));
        return command;
    }

    private static Command Lint()
    {
        var (documents, targets) = (Documents(), Targets());
        var lint = new Command("lint", "Checks documents against their targets and says all that is wrong, one line each: file:line:column: code: message.") { documents, targets };
        lint.SetAction(parsed => Guarded(() => CheckAll(parsed.GetValue(documents)!, parsed.GetValue(targets)!, withExamples: false)));
        return lint;
    }

    private static Command Test()
    {
        var (documents, targets) = (Documents(), Targets());
        var test = new Command("test", "Checks documents and runs their examples.") { documents, targets };
        test.SetAction(parsed => Guarded(() => CheckAll(parsed.GetValue(documents)!, parsed.GetValue(targets)!, withExamples: true)));
        return test;
    }

    private static Command Preview()
    {
        var document = new Argument<string>("document") { Description = "The document, or its folder." };
        var input = new Argument<string>("event") { Description = "A file with what the document reads, as examples have it: an event, or a message of a neighbour." };
        var explain = new Option<bool>("--explain") { Description = "Says of every value which row wrote it, and from what." };
        var targets = Targets();
        var preview = new Command("preview", "Prints what a document makes of an event, or of a message of a neighbour.") { document, input, explain, targets };
        preview.SetAction(parsed => Guarded(() =>
        {
            if (MappingFiles.Targets(parsed.GetValue(targets)!, Console.Error.WriteLine) is not { } schemas)
            {
                return Wrong;
            }

            var (file, package) = MappingFiles.Read(parsed.GetValue(document)!);
            // Examples may fail here: a preview is how their author finds out why.
            if (MappingChecker.Check(package, schemas) is not { Mapping: { } mapping })
            {
                return CheckAll([parsed.GetValue(document)!], parsed.GetValue(targets)!, withExamples: false);
            }

            var path = parsed.GetValue(input)!;
            if (!MappingSource.TryRead(mapping, File.ReadAllText(path), out var source, out var problem))
            {
                Console.Error.WriteLine($"{path}: {problem}");
                return NotPossible;
            }

            if (parsed.GetValue(explain))
            {
                foreach (var element in mapping.Explain(source))
                {
                    Console.WriteLine(Explained(file, element));
                }
            }

            switch (mapping.Apply(source))
            {
                case MappingOutcome.Mapped mapped:
                    Console.WriteLine(Encoding.UTF8.GetString(mapped.Body.Span));
                    return 0;
                case MappingOutcome.Failed failed:
                    foreach (var wrong in failed.Problems)
                    {
                        Console.Error.WriteLine(Line(file, wrong));
                    }

                    return Wrong;
                default:
                    throw new InvalidOperationException("An outcome is mapped or failed.");
            }
        }));
        return preview;
    }

    private static int CheckAll(IReadOnlyList<string> documents, IReadOnlyList<string> targets, bool withExamples)
    {
        if (MappingFiles.Targets(targets, Console.Error.WriteLine) is not { } schemas)
        {
            return Wrong;
        }

        var result = 0;
        foreach (var path in documents)
        {
            var (file, package) = MappingFiles.Read(path);
            var found = MappingChecker.Check(package, schemas);
            foreach (var problem in found.Problems.Where(p => withExamples || p.Code != "mapping.example-failed"))
            {
                Console.Error.WriteLine(Line(file, problem));
                result = Wrong;
            }

            if (withExamples && found.Mapping is not null)
            {
                Console.WriteLine($"{file}: {found.Passed.Count} of {found.Document!.Examples.Count} examples pass.");
            }
        }

        return result;
    }

    /// <summary>As compilers write it, so that editors and scripts can follow.</summary>
    public static string Line(string file, MappingProblem problem) =>
        $"{file}:{problem.Line ?? 1}:{problem.Column ?? 1}: {problem.Code}: {problem.Message}{(problem.Row is null ? "" : $" (row {problem.Row})")}{(problem.Suggestion is null ? "" : " " + problem.Suggestion)}";

    private static string Explained(string file, ExplainedElement element) =>
        $"{element.Path} = {element.Value}\n    {file}:{element.Line}: {element.Row} is {element.Expression}"
        + string.Concat(element.Sources.Select(s => $"\n    {s.Key} = {s.Value ?? "(nothing)"}"))
        + string.Concat(element.Tables.Select(t => $"\n    table {t.Table}: {t.Key ?? "(nothing)"} -> {t.Entry ?? "(no entry)"}"));

    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine(e.Message);
            return NotPossible;
        }
    }

    private static Argument<string[]> Documents() => new("document") { Description = "Documents, or folders with a document.json.", Arity = ArgumentArity.OneOrMore };

    public static Option<string[]> Targets() => new("--target")
    {
        Description = "A folder with the schemas of a target of your own and a target.json; may be given several times.",
        DefaultValueFactory = _ => [],
    };
}
