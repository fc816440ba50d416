using System.Text;
using Adapter.Host.Delivery;
using Adapter.Host.Mapping;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Mappings;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using ValidationProblem = Microsoft.AspNetCore.Http.HttpResults.ValidationProblem;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/mappings</c>, <c>/api/mapping-targets</c>, <c>/api/rehearsals</c>: what receivers get, and how it is changed without fear.</summary>
internal static class MappingEndpoints
{
    public static void MapMappings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/mappings").RequireAuthorization(AdminServices.Read).WithTags("Mappings");
        group.MapGet("", List).WithName("ListMappings");
        group.MapGet("/{document}/versions/{version:int}", Find).WithName("FindMapping").WithSummary("A version with its text, its examples and all that is wrong with it.");
        group.MapPost("/check", Check).RequireAuthorization(AdminServices.EditMappings).WithName("CheckMapping").WithSummary("Says all that is wrong with a text. Keeps nothing.");
        group.MapPost("/preview", Preview).RequireAuthorization(AdminServices.EditMappings).WithName("PreviewMapping").WithSummary("What a text makes of an event, each value explained. Keeps and sends nothing.");
        group.MapPost("/{document}/drafts", Add).RequireAuthorization(AdminServices.EditMappings).WithName("AddMappingDraft").WithSummary("Makes the next version of a document.");
        group.MapPut("/{document}/versions/{version:int}", Save).RequireAuthorization(AdminServices.EditMappings).WithName("SaveMappingDraft").WithSummary("Replaces the text of a version that is not submitted.");
        group.MapPost("/{document}/versions/{version:int}/rehearsals", Rehearse).RequireAuthorization(AdminServices.EditMappings).WithName("RehearseMapping")
            .WithSummary("Runs a version over recorded traffic, sending nothing.");
        foreach (var (step, policy, summary) in ((MappingStep, string, string)[])
        [
            (MappingStep.Submit, AdminServices.EditMappings, "Freezes a rehearsed version and asks for approval."),
            (MappingStep.Return, AdminServices.ApproveMappings, "Sends a version back to be changed."),
            (MappingStep.Approve, AdminServices.ApproveMappings, "Approves a version that others wrote and submitted."),
            (MappingStep.Publish, AdminServices.ApproveMappings, "Makes an approved version live, in one step."),
            (MappingStep.Rollback, AdminServices.ApproveMappings, "Makes a version live again that was live before."),
        ])
        {
            group.MapPost($"/{{document}}/versions/{{version:int}}/{step.ToString().ToLowerInvariant()}",
                    (string document, int version, MappingAct act, HttpContext context, IMappingStore store, MappingReloader reloader) =>
                        MoveAsync(document, version, step, act, context, store, reloader))
                .RequireAuthorization(policy).WithName($"{step}Mapping").WithSummary(summary);
        }

        var targets = routes.MapGroup("/api/mapping-targets").RequireAuthorization(AdminServices.Read).WithTags("Mappings");
        targets.MapGet("", Targets).WithName("ListMappingTargets");
        targets.MapPost("", AddTarget).RequireAuthorization(AdminServices.EditMappings).WithName("AddMappingTarget").WithSummary("Keeps the schemas of a receiver. They never change: another set has another name.");

        var rehearsals = routes.MapGroup("/api/rehearsals").RequireAuthorization(AdminServices.Read).WithTags("Mappings");
        rehearsals.MapGet("/{id}", Results<Ok<RehearsalView>, NotFound> (string id, RehearsalDesk desk) => desk.Find(id) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound())
            .WithName("FindRehearsal");
        rehearsals.MapDelete("/{id}", async Task<Results<NoContent, NotFound>> (string id, RehearsalDesk desk) => await desk.CancelAsync(id) ? TypedResults.NoContent() : TypedResults.NotFound())
            .RequireAuthorization(AdminServices.EditMappings).WithName("CancelRehearsal");
        routes.MapGet("/api/messages/{id}/explanation", Explain).RequireAuthorization(AdminServices.Read).WithTags("Messages").WithName("ExplainMessage")
            .WithSummary("Each value of a message with its row, what the row read, and the entries of code tables.");
    }

    private static async Task<Ok<IReadOnlyList<MappingSummary>>> List(IMappingStore store, string? document, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<MappingSummary>>([.. (await store.ListAsync(document, cancellationToken)).Select(MappingSummary.Of)]);

    private static async Task<Results<Ok<MappingView>, NotFound>> Find(string document, int version, IMappingStore store, MappingReloader reloader, CancellationToken cancellationToken) =>
        await store.FindAsync(document, version, cancellationToken) is { } found
            ? TypedResults.Ok(MappingView.Of(found, found.Check(await SchemasAsync(reloader, cancellationToken))))
            : TypedResults.NotFound();

    private static async Task<Ok<MappingCheck>> Check(MappingText text, MappingReloader reloader, CancellationToken cancellationToken) =>
        TypedResults.Ok(MappingCheck.Of(VersionChecks.Check(text.Document, text.Files ?? NoFiles, await SchemasAsync(reloader, cancellationToken))));

    private static async Task<Results<Ok<MappingPreview>, ValidationProblem>> Preview(MappingTrial trial, MappingReloader reloader, CancellationToken cancellationToken)
    {
        var found = VersionChecks.Check(trial.Document, NoFiles, await SchemasAsync(reloader, cancellationToken));
        if (found.Mapping is not { } mapping)
        {
            return TypedResults.Ok(new MappingPreview(null, [], found.Problems));
        }

        if (!MappingSource.TryRead(mapping, trial.Event, out var source, out var problem))
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["event"] = [problem] });
        }

        var outcome = mapping.Apply(source);
        return TypedResults.Ok(new MappingPreview(
            outcome is MappingOutcome.Mapped mapped ? Encoding.UTF8.GetString(mapped.Body.Span) : null,
            mapping.Explain(source),
            outcome is MappingOutcome.Failed failed ? failed.Problems : []));
    }

    private static async Task<Results<Created<MappingView>, ValidationProblem>> Add(
        string document, MappingText text, HttpContext context, IMappingStore store, MappingReloader reloader)
    {
        if (Errors(document, text) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var found = VersionChecks.Check(text.Document, text.Files ?? NoFiles, await SchemasAsync(reloader, context.RequestAborted));
        var added = await store.AddAsync(new MappingDraft(document, text.Document, text.Files ?? NoFiles, IsChecked(document, found)), context.Actor(), text.Reason!, context.RequestAborted);
        return TypedResults.Created($"/api/mappings/{document}/versions/{added.Version}", MappingView.Of(added, Named(document, found)));
    }

    private static async Task<Results<Ok<MappingView>, NotFound, ValidationProblem, ProblemHttpResult>> Save(
        string document, int version, MappingEdit edit, HttpContext context, IMappingStore store, MappingReloader reloader)
    {
        var text = new MappingText(edit.Document, edit.Files, edit.Reason);
        if (Errors(document, text) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var found = VersionChecks.Check(edit.Document, edit.Files ?? NoFiles, await SchemasAsync(reloader, context.RequestAborted), version);
        return await store.SaveAsync(
            version, edit.Revision, new MappingDraft(document, edit.Document, edit.Files ?? NoFiles, IsChecked(document, found)), context.Actor(), edit.Reason!, context.RequestAborted) switch
        {
            MappingMove.Done done => TypedResults.Ok(MappingView.Of(done.Version, Named(document, found))),
            MappingMove.NotFound => TypedResults.NotFound(),
            var not => Refused(not),
        };
    }

    private static async Task<Results<Ok<MappingSummary>, NotFound, ValidationProblem, ProblemHttpResult>> MoveAsync(
        string document, int version, MappingStep step, MappingAct act, HttpContext context, IMappingStore store, MappingReloader reloader)
    {
        if (!HoldAct.IsReason(act.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(act.Reason, []));
        }

        // What goes live must compile with this program and these targets, whenever it was approved.
        if (step is MappingStep.Publish or MappingStep.Rollback && await store.FindAsync(document, version, context.RequestAborted) is { } found
            && found.Check(await SchemasAsync(reloader, context.RequestAborted)) is { IsSound: false } check)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.not-sound",
                detail: $"Something is wrong with it by now: {string.Join(" ", check.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}: {p.Message}"))}");
        }

        var move = await store.MoveAsync(document, version, act.Revision, step, context.Actor(), act.Reason, context.RequestAborted);
        if (move is MappingMove.Done done)
        {
            if (done.Version.State == MappingState.Live)
            {
                await reloader.ReloadAsync(context.RequestAborted);
            }

            return TypedResults.Ok(MappingSummary.Of(done.Version));
        }

        return move is MappingMove.NotFound ? TypedResults.NotFound() : Refused(move);
    }

    private static async Task<Results<Accepted<RehearsalView>, NotFound, ProblemHttpResult>> Rehearse(
        string document, int version, RehearsalAct act, HttpContext context, IMappingStore store, MappingReloader reloader, RehearsalDesk desk)
    {
        if (await store.FindAsync(document, version, context.RequestAborted) is not { } found)
        {
            return TypedResults.NotFound();
        }

        if (found.Check(await SchemasAsync(reloader, context.RequestAborted)).Mapping is not { } draft)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.not-possible", detail: "Something is wrong with it: correct what the check says first.");
        }

        var stretch = new TrafficStretch(act.Like ?? document, act.From ?? 0, act.To ?? long.MaxValue);
        return desk.Start(found, draft, stretch, act.Masks ?? [], context.Actor()) is { } started
            ? TypedResults.Accepted($"/api/rehearsals/{started.Id}", started)
            : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.rehearsal-busy", detail: "Another rehearsal runs; wait for its end, or cancel it.");
    }

    private static async Task<Ok<IReadOnlyList<MappingTargetView>>> Targets(IMappingStore store, CancellationToken cancellationToken)
    {
        var own = await store.TargetsAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<MappingTargetView>>(
        [
            .. SchemaCatalogue.BuiltIn.Targets.Select(name => new MappingTargetView(name, Root(SchemaCatalogue.BuiltIn.Target(name).Root.QualifiedName), true, [])),
            .. own.Select(target => new MappingTargetView(target.Name, target.Root, false, [.. target.Files.Keys])),
        ]);

        static string Root(System.Xml.XmlQualifiedName name) => $"{{{name.Namespace}}}{name.Name}";
    }

    private static async Task<Results<Ok<MappingTargetCheck>, ValidationProblem, ProblemHttpResult>> AddTarget(
        NewMappingTarget target, HttpContext context, IMappingStore store, MappingReloader reloader)
    {
        if (!HoldAct.IsReason(target.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(target.Reason, []));
        }

        if (!MappingRules.IsTargetName(target.Name) || SchemaCatalogue.BuiltIn.Targets.Contains(target.Name))
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["name"] = [$"'{target.Name}' cannot be the name of a new target. Use small letters, digits and hyphens, with one slash at most, and no name that ships."] });
        }

        if (SchemaSetCompiler.Compile(target.Name, target.Root, LiveDocuments.Files(target.Files)) is { Target: null } wrong)
        {
            return TypedResults.Ok(new MappingTargetCheck(Kept: false, wrong.Problems));
        }

        if (!await store.AddTargetAsync(new MappingTarget(target.Name, target.Root, target.Files), context.Actor(), target.Reason, context.RequestAborted))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.target-exists",
                detail: $"There is a target {target.Name} with other schemas. Give these another name and make a version of the document that aims at it.");
        }

        await reloader.ReloadAsync(context.RequestAborted);
        return TypedResults.Ok(new MappingTargetCheck(Kept: true, []));
    }

    private static async Task<Results<Ok<MessageExplanation>, NotFound, ProblemHttpResult>> Explain(string id, ILaneStore lanes, MessageExplainer explainer, CancellationToken cancellationToken)
    {
        if (await lanes.FindMessageAsync(id, cancellationToken) is not { Source: { } source } story)
        {
            return TypedResults.NotFound();
        }

        return await explainer.ExplainAsync(story.Document, story.DocumentVersion, source, story.OutOfSequence, story.BodySha256, cancellationToken) is { } explanation
            ? TypedResults.Ok(explanation)
            : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.version-unknown",
                detail: $"Version {story.DocumentVersion} of {story.Document} made it, and is not in the store or does not compile with this program.");
    }

    private static async Task<SchemaCatalogue> SchemasAsync(MappingReloader reloader, CancellationToken cancellationToken) => (await reloader.FreshAsync(cancellationToken)).Schemas;

    private static readonly Dictionary<string, string> NoFiles = new(StringComparer.Ordinal);

    private static ProblemHttpResult Refused(MappingMove move) => move switch
    {
        MappingMove.Changed changed => TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.changed",
            detail: $"It is at revision {changed.Revision} by now. Read it again, and act on what it is."),
        MappingMove.NotPossible no => TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "mapping.not-possible", detail: no.Why),
        _ => throw new InvalidOperationException($"{move} is no refusal."),
    };

    private static Dictionary<string, string[]> Errors(string document, MappingText text)
    {
        var errors = HoldAct.Errors(text.Reason, []);
        if (!MappingRules.IsDocumentId(document))
        {
            errors["id"] = ["Use 1 to 64 small letters, digits and hyphens."];
        }

        if (Encoding.UTF8.GetByteCount(text.Document) is > MappingDocumentParser.MostBytes and var bytes)
        {
            errors["document"] = [MappingDocumentParser.TooLarge(bytes)];
        }

        if ((text.Files ?? NoFiles).Sum(f => (long)f.Key.Length + Encoding.UTF8.GetByteCount(f.Value)) is > MappingDocumentParser.MostBytes and var ofFiles)
        {
            errors["files"] = [$"The examples have {ofFiles} bytes together; at most {MappingDocumentParser.MostBytes} are kept."];
        }

        return errors;
    }

    private static bool IsChecked(string document, CheckedPackage found) => Named(document, found).IsSound;

    /// <summary>A text under another id than the one in it would be taken for another document.</summary>
    private static CheckedPackage Named(string document, CheckedPackage found) => found.Document is { } read && read.Id != document
        ? found with { Problems = [.. found.Problems, new MappingProblem("mapping.wrong-value", $"The document says that its id is '{read.Id}', and it is saved as '{document}'.", 1, 1, null, "Make them the same.")] }
        : found;
}
