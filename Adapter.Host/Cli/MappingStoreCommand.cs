using System.CommandLine;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Adapter.Host.Admin;
using Adapter.Host.Mapping;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Storage;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Cli;

/// <summary><c>mapping export|import|rehearse</c>: the commands that work on the machine that holds the store.</summary>
internal static class MappingStoreCommand
{
    private static readonly Actor CommandLine = new("command line");

    private static readonly JsonSerializerOptions Printed = new(JsonSerializerOptions.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Export(Action<WebApplicationBuilder>? configure)
    {
        var document = new Argument<string>("document") { Description = "Id of the document." };
        var to = new Option<DirectoryInfo>("--out") { Description = "The folder that is written: document.json, its examples, and target/ where the target is not one that ships.", Required = true };
        var version = new Option<int?>("--version-number") { Description = "The version; left out, the live one." };
        var export = OnStore("export", "Writes a version of a document as files, in the one written form.", [document, to, version]);
        export.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed, configure, mustExist: true, async services =>
        {
            var store = services.GetRequiredService<IMappingStore>();
            var id = parsed.GetValue(document)!;
            var found = parsed.GetValue(version) is { } number
                ? await store.FindAsync(id, number, cancellationToken)
                : (await store.LiveAsync(cancellationToken)).Live.FirstOrDefault(v => v.Document == id);
            if (found is null)
            {
                Console.Error.WriteLine($"The store has no such version of {id}.");
                return MappingCommand.Wrong;
            }

            var folder = parsed.GetValue(to)!.FullName;
            var read = MappingDocumentParser.Parse(System.Text.Encoding.UTF8.GetBytes(found.Text)).Document;
            await WriteAsync(folder, "document.json", read is null ? found.Text : MappingDocumentWriter.Write(read with { Version = found.Version }), cancellationToken);
            foreach (var (name, text) in found.Files)
            {
                await WriteAsync(folder, name, text, cancellationToken);
            }

            if ((await store.TargetsAsync(cancellationToken)).FirstOrDefault(t => t.Name == read?.Target) is { } target)
            {
                await WriteAsync(folder, $"target/{MappingFiles.TargetFile}", JsonSerializer.Serialize(new TargetDescription(target.Name, target.Root), Printed) + "\n", cancellationToken);
                foreach (var (path, text) in target.Files)
                {
                    await WriteAsync(folder, $"target/{path}", text, cancellationToken);
                }
            }

            Console.WriteLine($"{id} version {found.Version} ({found.State.ToString().ToLowerInvariant()}) is in {folder}.");
            return 0;
        }));
        return export;
    }

    public static Command Import(Action<WebApplicationBuilder>? configure)
    {
        var document = new Argument<string>("document") { Description = "The document, or its folder." };
        var targets = MappingCommand.Targets();
        var author = new Option<string?>("--by") { Description = "Who wrote it, a principal of the store: nobody approves what is their own. Left out, the store knows no author but the command line." };
        var import = OnStore("import", "Keeps a document as a draft, and the schemas of its target with it. It goes live by rehearsal and approval like any other.", [document, targets, author]);
        import.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed, configure, mustExist: false, async services =>
        {
            var by = CommandLine;
            if (parsed.GetValue(author) is { } named)
            {
                if (await services.GetRequiredService<IPrincipalStore>().FindAsync(named, cancellationToken) is not { DisabledAt: null })
                {
                    Console.Error.WriteLine($"The store knows no principal {named} who may still act. 'key add' makes one; without --by the command line is the author.");
                    return MappingCommand.Wrong;
                }

                by = new Actor(named);
            }

            if (MappingFiles.Targets(parsed.GetValue(targets)!, Console.Error.WriteLine) is not { } brought)
            {
                return MappingCommand.Wrong;
            }

            // The document first: a target that is in the store never changes, so nothing may bring one in vain.
            var (file, package) = MappingFiles.Read(parsed.GetValue(document)!);
            var found = MappingChecker.Check(package, await SchemasAsync(services, brought, cancellationToken));
            if (!found.IsSound)
            {
                found.Problems.ToList().ForEach(p => Console.Error.WriteLine(MappingCommand.Line(file, p)));
                return MappingCommand.Wrong;
            }

            var store = services.GetRequiredService<IMappingStore>();
            foreach (var folder in parsed.GetValue(targets)!)
            {
                var description = MappingFiles.Description(folder);
                var files = MappingFiles.Schemas(folder).ToDictionary(f => f.Path, f => System.Text.Encoding.UTF8.GetString(f.Content.Span), StringComparer.Ordinal);
                if (!MappingRules.IsTargetName(description.Name) || SchemaCatalogue.BuiltIn.Targets.Contains(description.Name)
                    || !await store.AddTargetAsync(new MappingTarget(description.Name, description.Root, files), by, "import", cancellationToken))
                {
                    Console.Error.WriteLine($"{folder}: the target {description.Name} ships, or is in the store with other schemas, or is no name for a target. Give it another name.");
                    return MappingCommand.Wrong;
                }
            }

            var examples = Named(package.Files, found.Document!);
            var text = System.Text.Encoding.UTF8.GetString(package.Document.Span);
            if (await store.ListAsync(found.Document!.Id, cancellationToken) is [var newest, ..] && IsSame(newest, text, examples))
            {
                Console.WriteLine($"{newest.Document} version {newest.Version} ({newest.State.ToString().ToLowerInvariant()}) says the same; the store is as it was.");
                return 0;
            }

            var added = await store.AddAsync(
                new MappingDraft(found.Document.Id, text, examples, IsChecked: true), by, "import", cancellationToken);
            Console.WriteLine($"{added.Document} version {added.Version} is in the store as a checked draft.");
            return 0;
        }));
        return import;
    }

    public static Command Rehearse(Action<WebApplicationBuilder>? configure)
    {
        var document = new Argument<string>("document") { Description = "The document, or its folder." };
        var targets = MappingCommand.Targets();
        var like = new Option<string?>("--like") { Description = "The document whose recorded messages are used; left out, the document's own." };
        var from = new Option<long>("--from") { Description = "First journal position." };
        var to = new Option<long>("--to") { Description = "Last journal position.", DefaultValueFactory = _ => long.MaxValue };
        var masks = new Option<string[]>("--mask") { Description = "An element whose differences do not count; may be given several times.", DefaultValueFactory = _ => [] };
        var rehearse = OnStore("rehearse", "Runs a document over recorded traffic beside the live one and prints the differences as JSON. Sends and keeps nothing. Exit code 1 when messages would fail.",
            [document, targets, like, from, to, masks]);
        rehearse.SetAction((parsed, cancellationToken) => WithStoreAsync(parsed, configure, mustExist: true, async services =>
        {
            if (MappingFiles.Targets(parsed.GetValue(targets)!, Console.Error.WriteLine) is not { } brought)
            {
                return MappingCommand.Wrong;
            }

            var (file, package) = MappingFiles.Read(parsed.GetValue(document)!);
            var schemas = await SchemasAsync(services, brought, cancellationToken);
            var found = MappingChecker.Check(package, schemas);
            if (found.Mapping is not { } draft)
            {
                found.Problems.ToList().ForEach(p => Console.Error.WriteLine(MappingCommand.Line(file, p)));
                return MappingCommand.Wrong;
            }

            var live = (await services.GetRequiredService<IMappingStore>().LiveAsync(cancellationToken)).Live.FirstOrDefault(v => v.Document == draft.DocumentId);
            var recorded = parsed.GetValue(like) ?? draft.DocumentId;
            var report = await services.GetRequiredService<DraftRehearsal>().RunAsync(
                draft, live?.Check(schemas).Mapping, new TrafficStretch(recorded, parsed.GetValue(from), parsed.GetValue(to)), parsed.GetValue(masks)!,
                (done, total) => Console.Error.Write($"\r{done} of {total}"), cancellationToken);
            Console.Error.WriteLine();
            if (report.Messages == 0)
            {
                Console.Error.WriteLine($"Nothing was tried: the store has no messages of {recorded} there. --like names a document that has made some.");
                return MappingCommand.NotPossible;
            }

            Console.WriteLine(JsonSerializer.Serialize(report, Printed));
            return report.NewlyFailing + report.StillFailing > 0 ? MappingCommand.Wrong : 0;
        }));
        return rehearse;
    }

    /// <summary>Written out in its one form, whatever version number a file gives it: what a script imports twice is one version.</summary>
    private static bool IsSame(MappingVersion known, string text, Dictionary<string, string> examples)
    {
        return Written(known.Text) == Written(text) && known.Files.Count == examples.Count && known.Files.All(f => examples.GetValueOrDefault(f.Key) == f.Value);

        static string? Written(string document) =>
            MappingDocumentParser.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Document is { } read ? MappingDocumentWriter.Write(read with { Version = 1 }) : null;
    }

    /// <summary>Targets of the store, and those brought that it does not know.</summary>
    private static async Task<SchemaCatalogue> SchemasAsync(IServiceProvider services, SchemaCatalogue brought, CancellationToken cancellationToken)
    {
        var documents = services.GetRequiredService<LiveDocuments>();
        documents.Replace([], await services.GetRequiredService<IMappingStore>().TargetsAsync(cancellationToken), generation: 0);
        var stored = documents.Schemas;
        return stored.With(brought.Targets.Where(name => !stored.TryFind(name, out _)).Select(brought.Target));
    }

    /// <summary>The files that its examples name; what else lies in the folder stays there.</summary>
    private static Dictionary<string, string> Named(IReadOnlyDictionary<string, string> files, MappingDocument document) =>
        files.Where(f => document.Examples.Any(e => e.Input == f.Key || e.Expect == f.Key)).ToDictionary(StringComparer.Ordinal);

    /// <exception cref="IOException">The name leads out of the folder.</exception>
    private static async Task WriteAsync(string folder, string name, string text, CancellationToken cancellationToken)
    {
        // Names came over the network once; none of them may write elsewhere.
        if (!SchemaSetCompiler.IsPath(name))
        {
            throw new IOException($"'{name}' is no name for a file in a folder.");
        }

        var file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, cancellationToken);
    }

    private static Command OnStore(string name, string description, IEnumerable<Symbol> symbols)
    {
        var command = new Command(name, description + " Settings follow as --Key=value: --Storage:ConnectionString=…") { TreatUnmatchedTokensAsErrors = false };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        return command;
    }

    /// <param name="mustExist">Whether there is nothing to do in a new store: a mistyped path must not make one.</param>
    private static async Task<int> WithStoreAsync(ParseResult parsed, Action<WebApplicationBuilder>? configure, bool mustExist, Func<IServiceProvider, Task<int>> run)
    {
        try
        {
            await using var app = AdapterHost.Build([.. parsed.UnmatchedTokens], configure);
            if (mustExist && app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.MissingFile() is { } missing)
            {
                await Console.Error.WriteLineAsync($"There is no store {missing}. Give the host's own --Storage:ConnectionString.");
                return MappingCommand.NotPossible;
            }

            return await run(app.Services);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException or DbException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return MappingCommand.NotPossible;
        }
    }
}
