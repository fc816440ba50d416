using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/locks</c>: what was found of locks that no journey owned.</summary>
internal static class LockEndpoints
{
    public static void MapLocks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/locks").RequireAuthorization(AdminServices.Read).WithTags("Locks");
        group.MapGet("", List).WithName("ListSuspiciousLocks").WithSummary("Locks with findings that wait for a person, such as a sealed lock that moved on no journey; the latest first.");
        group.MapGet("/{number}", Find).WithName("FindLock").WithSummary("What a lock did while no journey owned it, what was found and what was told of it.");
        group.MapPost("/{number}/findings/judge", Judge).WithName("JudgeLockFinding").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Confirms, dismisses or closes a finding of a lock, with a reason.");
    }

    private static async Task<Ok<IReadOnlyList<UnownedLockView>>> List(IJourneyReader reader, int? most, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<UnownedLockView>>([.. (await reader.SuspiciousLocksAsync(Math.Clamp(most ?? 100, 1, 1000), cancellationToken)).Select(UnownedLockView.Of)]);

    private static async Task<Results<Ok<UnownedLockView>, NotFound>> Find(string number, IJourneyReader reader, CancellationToken cancellationToken) =>
        LockId.TryParse(number, out var id) && await reader.FindAsync(Subject.Of(id), cancellationToken) is { } state ? TypedResults.Ok(UnownedLockView.Of(state)) : TypedResults.NotFound();

    private static async Task<Results<Ok<ActAnswer>, Accepted<ActAnswer>, Conflict<ActAnswer>, ValidationProblem>> Judge(string number, JudgeRequest request, HttpContext context, ActDesk desk)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!LockId.TryParse(number, out var id))
        {
            errors["number"] = ["A lock number has 1 to 64 printable characters."];
        }

        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
        {
            errors["reason"] = ["Give a reason of 1 to 500 characters."];
        }

        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new JudgeFinding("", request.Finding, request.Verdict, request.Reason) { Lock = id }, JourneyJson.Default.JudgeFinding);
        return await desk.ActAsync(EntryKind.OperatorAct, Operations.JudgeFinding, body, context.Actor(), context.RequestAborted) switch
        {
            { Pending: true } answer => TypedResults.Accepted($"/api/journal/{answer.Entry}", answer),
            { Accepted: true } answer => TypedResults.Ok(answer),
            var answer => TypedResults.Conflict(answer),
        };
    }
}

/// <summary>A lock as the API shows it, for the times in which no journey owned it.</summary>
internal sealed record UnownedLockView(string Lock, LatestPosition? Latest, IReadOnlyList<ToldView> Told, IReadOnlyList<Finding> Findings)
{
    public static UnownedLockView Of(SubjectState state) => new(
        state.Subject.Id, state.Tracks.FirstOrDefault(t => t.SubLock is null)?.Latest,
        [.. state.Emissions.Select(e => new ToldView(e.Key, e.Told.Kind, e.At, e.Corrections, e.Withdrawn, e.Destinations))], state.Findings);
}
