using System.Text.Json;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/journeys</c>: register, close, see.</summary>
internal static class JourneyEndpoints
{
    public static void MapJourneys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/journeys").RequireAuthorization(AdminServices.Read).WithTags("Journeys");
        group.MapPost("", Register).WithName("RegisterJourney").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Registers a transit movement. The same registration again is answered the same and has no second effect.");
        group.MapPost("/{id}/close", Close).WithName("CloseJourney").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Ends a journey and frees its locks.");
        group.MapPost("/{id}/findings/judge", Judge).WithName("JudgeFinding").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Confirms, dismisses or closes a finding, with a reason.");
        group.MapGet("", List).WithName("ListJourneys");
        group.MapGet("/{id}", Find).WithName("FindJourney").WithSummary("Milestones, episodes, findings and what was told of them.");
    }

    private static async Task<Results<Ok<ActAnswer>, Accepted<ActAnswer>, Conflict<ActAnswer>, ValidationProblem>> Register(
        JourneyRegistration registration, HttpContext context, ActDesk desk, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
    {
        Dictionary<string, string[]> errors = new([.. JourneyRegistrationRules.Check(registration, time.GetUtcNow()), .. RouteMap.Check(registration)], StringComparer.Ordinal);
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors, title: "journey.invalid");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(registration, JourneyJson.Default.JourneyRegistration);
        return Typed(await desk.ActAsync(EntryKind.Registration, Operations.RegisterJourney, body, context.Actor(), context.RequestAborted));
    }

    private static async Task<Results<Ok<ActAnswer>, Accepted<ActAnswer>, Conflict<ActAnswer>, ValidationProblem>> Close(
        string id, CloseRequest request, HttpContext context, ActDesk desk)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["reason"] = ["Give a reason of 1 to 500 characters."] });
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new CloseJourney(id, request.Reason), JourneyJson.Default.CloseJourney);
        return Typed(await desk.ActAsync(EntryKind.OperatorAct, Operations.CloseJourney, body, context.Actor(), context.RequestAborted));
    }

    private static async Task<Results<Ok<ActAnswer>, Accepted<ActAnswer>, Conflict<ActAnswer>, ValidationProblem>> Judge(
        string id, JudgeRequest request, HttpContext context, ActDesk desk)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["reason"] = ["Give a reason of 1 to 500 characters."] });
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new JudgeFinding(id, request.Finding, request.Verdict, request.Reason), JourneyJson.Default.JudgeFinding);
        return Typed(await desk.ActAsync(EntryKind.OperatorAct, Operations.JudgeFinding, body, context.Actor(), context.RequestAborted));
    }

    private static async Task<Ok<IReadOnlyList<JourneyLine>>> List(IJourneyReader journeys, string? mrn, string? status, int? most, CancellationToken cancellationToken) =>
        TypedResults.Ok(await journeys.ListAsync(mrn, status, Math.Clamp(most ?? 100, 1, 1000), cancellationToken));

    private static async Task<Results<Ok<JourneyView>, NotFound>> Find(string id, IJourneyReader journeys, CancellationToken cancellationToken) =>
        await journeys.FindAsync(Subject.OfJourney(id), cancellationToken) is { } state ? TypedResults.Ok(JourneyView.Of(state)) : TypedResults.NotFound();

    private static Results<Ok<ActAnswer>, Accepted<ActAnswer>, Conflict<ActAnswer>, ValidationProblem> Typed(ActAnswer answer) => answer switch
    {
        { Pending: true } => TypedResults.Accepted($"/api/journal/{answer.Entry}", answer),
        { Accepted: true } => TypedResults.Ok(answer),
        _ => TypedResults.Conflict(answer),
    };
}

internal sealed record CloseRequest(string Reason);

/// <param name="Finding">Key of the finding as the journey's view has it.</param>
internal sealed record JudgeRequest(string Finding, FindingVerdict Verdict, string Reason);
