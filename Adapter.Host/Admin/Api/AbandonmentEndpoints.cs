using Adapter.Host.Delivery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/abandonments</c>: lanes of closed journeys that two persons give up, with all that was in them.</summary>
internal static class AbandonmentEndpoints
{
    public static void MapAbandonments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/abandonments").RequireAuthorization(AdminServices.Read).WithTags("Lanes");
        group.MapGet("", async (IAbandonmentStore store, CancellationToken cancellationToken) => TypedResults.Ok(await store.ListAsync(cancellationToken)))
            .WithName("ListAbandonments").WithSummary("The newest first; those without doneBy wait for a second person.");
        group.MapGet("/{id:long}", Export).WithName("ExportAbandonment").WithSummary("All that is given up: every message with its bytes, attempts and answers.");
        group.MapPost("", (LaneAct act, HttpContext context, IAbandonmentStore store) =>
                ActAsync(act.Reason, () => store.AskAsync(act.Lane, context.Actor(), act.Reason, context.RequestAborted)))
            .RequireAuthorization(AdminServices.Operate).WithName("AskForAbandonment").WithSummary("Asks that a stuck lane of a closed journey be given up.");
        group.MapPost("/{id:long}/do", (long id, HoldAct act, HttpContext context, IAbandonmentStore store) =>
                ActAsync(act.Reason, () => store.DoAsync(id, context.Actor(), act.Reason, context.RequestAborted)))
            .RequireAuthorization(AdminServices.Operate).WithName("Abandon").WithSummary("Gives the lane up; only for another person than who asked.");
    }

    private static async Task<Results<Ok<AbandonmentExport>, NotFound>> Export(long id, HttpContext context, IAbandonmentStore store, ILaneStore lanes)
    {
        if (await store.FindAsync(id, context.RequestAborted) is not var (abandonment, ids))
        {
            return TypedResults.NotFound();
        }

        var messages = new List<MessageStory>();
        foreach (var message in ids)
        {
            messages.Add((await lanes.FindMessageAsync(message, context.RequestAborted))!);
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"abandonment-{id}.json\"";
        return TypedResults.Ok(new AbandonmentExport(abandonment, messages));
    }

    private static async Task<Results<Ok<AbandonmentMade>, ProblemHttpResult, ValidationProblem>> ActAsync(string reason, Func<Task<AbandonmentAnswer>> act)
    {
        if (!HoldAct.IsReason(reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(reason, []));
        }

        var answer = await act();
        return answer.Id is { } id
            ? TypedResults.Ok(new AbandonmentMade(id))
            : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "lane.not-possible", detail: answer.Problem);
    }
}

internal sealed record AbandonmentMade(long Id);

/// <param name="Messages">In order of their numbers.</param>
internal sealed record AbandonmentExport(Abandonment Abandonment, IReadOnlyList<MessageStory> Messages);
