using System.Text.Json.Nodes;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/lanes</c>, <c>/api/messages</c>: where every message is, and what to do about those that are stuck.</summary>
internal static class LaneEndpoints
{
    public static void MapLanes(this IEndpointRouteBuilder routes)
    {
        var lanes = routes.MapGroup("/api/lanes").RequireAuthorization(AdminServices.Read).WithTags("Lanes");
        lanes.MapGet("", List).WithName("ListLanes");
        lanes.MapPost("/replay", (LaneAct act, HttpContext context, ILaneStore store, LaneSignal signal) =>
                ActAsync(act, signal, () => store.ReplayAsync(act.Lane, context.Actor(), act.Reason, context.RequestAborted)))
            .WithName("ReplayLane").RequireAuthorization(AdminServices.Operate).WithSummary("Sends a parked head again, same id and bytes.");
        lanes.MapPost("/skip", (LaneAct act, HttpContext context, ILaneStore store, LaneSignal signal) =>
                ActAsync(act, signal, () => store.SkipAsync(act.Lane, context.Actor(), act.Reason, context.RequestAborted)))
            .WithName("SkipLaneHead").RequireAuthorization(AdminServices.Operate).WithSummary("Leaves a parked head out for good and lets its followers go.");
        lanes.MapPost("/reconcile", (ReconcileAct act, HttpContext context, ILaneStore store, LaneSignal signal) =>
                ActAsync(new LaneAct(act.Destination, act.Subject, act.Reason), signal,
                    () => store.ReconcileAsync(new LaneKey(act.Destination, act.Subject), act.Choice, context.Actor(), act.Reason, context.RequestAborted)))
            .WithName("ReconcileLane").RequireAuthorization(AdminServices.Operate).WithSummary("Decides about a head whose outcome is unknown: took-effect, send-again or leave-out.");
        lanes.MapPost("/repair", Repair).WithName("RepairLane").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Maps a parked head again, with edits where given: in place where it had no bytes, else as a revision that supersedes it.");

        var letters = routes.MapGroup("/api/dead-letters").RequireAuthorization(AdminServices.Read).WithTags("Dead letters");
        letters.MapGet("", async (ILaneStore store, CancellationToken cancellationToken) => TypedResults.Ok(await store.DeadLettersAsync(cancellationToken)))
            .WithName("ListDeadLetters").WithSummary("Lanes that wait for a person, by destination and cause.");
        letters.MapPost("/replay", ReplayGroup).RequireAuthorization(AdminServices.Operate).WithName("ReplayDeadLetters")
            .WithSummary("Sends the heads of up to 500 parked lanes of one cause again, each audited.");
        letters.MapPost("/repair", RepairGroup).RequireAuthorization(AdminServices.Operate).WithName("RepairDeadLetters")
            .WithSummary("Maps the heads of up to 500 parked lanes of one cause again, each audited.");

        routes.MapPost("/api/destinations/{name}/answers", Answer).RequireAuthorization(AdminServices.Operate).WithTags("Destinations").WithName("TakeAnswer")
            .WithSummary("Takes a business answer that came later than the acknowledgement, as the destination's Answer rule describes it.");
        routes.MapGet("/api/messages/{id}", Message).RequireAuthorization(AdminServices.Read).WithTags("Messages").WithName("FindMessage")
            .WithSummary("One message: decision, mapping version, bytes out, attempts, bytes back.");
    }

    private static async Task<Ok<IReadOnlyList<LaneView>>> List(
        ILaneStore store, string? destination, string? subject, string? state, int? most, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(new LaneFilter(destination, subject, state, Math.Clamp(most ?? 100, 1, 1000)), cancellationToken));

    private static async Task<Results<Ok<RepairAnswer>, ProblemHttpResult, ValidationProblem>> Repair(RepairAct act, HttpContext context, ILaneRepair repair, LaneSignal signal)
    {
        if (!HoldAct.IsReason(act.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(act.Reason, []));
        }

        var answer = await repair.RepairAsync(new LaneKey(act.Destination, act.Subject), act.Message, act.Edits, context.Actor(), act.Reason, context.RequestAborted);
        if (answer.Problem is { } problem)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "lane.not-repaired", detail: problem);
        }

        signal.Changed();
        return TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<AnswerTaken>, NotFound, ProblemHttpResult>> Answer(
        string name, HttpContext context, IDestinationStore destinations, ILaneStore store, LaneSignal signal)
    {
        if ((await destinations.AllAsync(context.RequestAborted)).FirstOrDefault(d => d.Name == name) is not { } destination)
        {
            return TypedResults.NotFound();
        }

        if (destination.Answer is not { } rule)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "answer.not-expected", detail: $"{name} has no Answer rule, so nothing says how its answers are read.");
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        var (id, receipt, problem) = ReplyReader.ReadLater(bytes, rule);
        if (receipt is null)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, title: "answer.unreadable", detail: $"It is no answer of {name}: {problem}.");
        }

        var effect = await store.AnswerAsync(new LaterAnswer(name, id!, receipt, bytes), context.RequestAborted);
        signal.Changed();
        return TypedResults.Ok(new AnswerTaken(id!, receipt.Verdict.ToString(), effect));
    }

    private static Task<Results<Ok<GroupAnswer>, ValidationProblem>> ReplayGroup(GroupAct act, HttpContext context, ILaneStore store, LaneSignal signal) =>
        ActOnGroupAsync(act, context, store, signal, lane => store.ReplayAsync(lane, context.Actor(), act.Reason, context.RequestAborted));

    private static Task<Results<Ok<GroupAnswer>, ValidationProblem>> RepairGroup(GroupAct act, HttpContext context, ILaneStore store, ILaneRepair repair, LaneSignal signal) =>
        ActOnGroupAsync(act, context, store, signal, async lane =>
            (await repair.RepairAsync(lane, message: null, edits: null, context.Actor(), act.Reason, context.RequestAborted)).Problem);

    private static async Task<Results<Ok<GroupAnswer>, ValidationProblem>> ActOnGroupAsync(
        GroupAct act, HttpContext context, ILaneStore store, LaneSignal signal, Func<LaneKey, Task<string?>> perform)
    {
        if (!HoldAct.IsReason(act.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(act.Reason, []));
        }

        var refused = new List<string>();
        var group = await store.LanesOfAsync(act.Destination, act.Cause, GroupAct.Most, context.RequestAborted);
        foreach (var lane in group)
        {
            if (await perform(lane) is { } refusal)
            {
                refused.Add(refusal);
            }
        }

        signal.Changed();
        return TypedResults.Ok(new GroupAnswer(group.Count - refused.Count, refused));
    }

    private static async Task<Results<NoContent, ProblemHttpResult, ValidationProblem>> ActAsync(LaneAct act, LaneSignal signal, Func<Task<string?>> perform)
    {
        if (string.IsNullOrWhiteSpace(act.Reason) || act.Reason.Length > 500)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["reason"] = ["Give a reason of 1 to 500 characters."] });
        }

        if (await perform() is { } refusal)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "lane.not-possible", detail: refusal);
        }

        signal.Changed();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MessageStory>, NotFound>> Message(string id, ILaneStore store, CancellationToken cancellationToken) =>
        await store.FindMessageAsync(id, cancellationToken) is { } story ? TypedResults.Ok(story) : TypedResults.NotFound();
}

/// <param name="Subject"><c>journey:ID</c> or <c>lock:NUMBER</c>.</param>
internal sealed record LaneAct(string Destination, string Subject, string Reason)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public LaneKey Lane => new(Destination, Subject);
}

internal sealed record ReconcileAct(string Destination, string Subject, Reconciliation Choice, string Reason);

/// <param name="Message">The head as it was looked at; another is not touched.</param>
/// <param name="Edits">A JSON merge patch on the message's <c>event</c> and <c>journey</c>, such as <c>{"journey":{"mrn":"26JO…"}}</c>; left out, nothing is edited.</param>
internal sealed record RepairAct(string Destination, string Subject, string Message, string Reason, JsonObject? Edits);

/// <param name="Verdict">Accepted, Duplicate, Rejected, or Unknown for a code in none of the rule's lists.</param>
internal sealed record AnswerTaken(string MessageId, string Verdict, AnswerEffect Effect);

/// <param name="Cause">As <c>/api/dead-letters</c> names it.</param>
internal sealed record GroupAct(string Destination, string Cause, string Reason)
{
    /// <summary>Lanes in one call; call again for more.</summary>
    public const int Most = 500;
}

/// <param name="Done">Lanes that go on.</param>
/// <param name="Refused">Why others could not; they stay where they are.</param>
internal sealed record GroupAnswer(int Done, IReadOnlyList<string> Refused);
