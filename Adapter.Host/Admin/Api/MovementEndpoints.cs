using Adapter.Contracts.Customs;
using Adapter.Host.Journeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/movements</c>: the operations of the registration service, with the same requests as JSON.</summary>
internal static class MovementEndpoints
{
    public static void MapMovements(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/movements").RequireAuthorization(AdminServices.Operate).WithTags("Movements");
        group.MapPost("/register-manifest", async (RegisterManifestRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.RegisterManifestAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("RegisterManifest").WithSummary("What the cargo manifest says; the latest with a number counts.");
        group.MapPost("/register-movement", async (RegisterMovementRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.RegisterMovementAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("RegisterMovement").WithSummary("A movement and its locks. The same again has no second effect.");
        group.MapPost("/amend-movement", async (AmendMovementRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.AmendMovementAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("AmendMovement").WithSummary("Changes midway: locks, containers, vehicles, regime, destination, time limit; suspended, resumed, cancelled.");
        group.MapPost("/report-observation", async (ReportObservationRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.ReportObservationAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("ReportObservation").WithSummary("What a gate, a weighbridge or an officer saw.");
        group.MapPost("/authorise-unseal", async (AuthoriseUnsealRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.AuthoriseUnsealAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("AuthoriseUnseal").WithSummary("An order to open seals: who, why, where, until when.");
        group.MapPost("/confirm-departure", async (ConfirmDepartureRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.ConfirmDepartureAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("ConfirmDeparture").WithSummary("One side says that the movement has left.");
        group.MapPost("/confirm-arrival", async (ConfirmArrivalRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.ConfirmArrivalAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("ConfirmArrival").WithSummary("One side says that the movement has arrived.");
        group.MapPost("/close-movement", async (CloseMovementRequest request, HttpContext context, MovementDesk desk) =>
            Typed(await desk.CloseMovementAsync(request, context.Actor(), context.RequestAborted)))
            .WithName("CloseMovement").WithSummary("Ends a movement and frees its locks.");
        routes.MapPost("/api/movements/query-movement", async (QueryMovementRequest request, MovementDesk desk, CancellationToken cancellationToken) =>
            TypedResults.Ok(await desk.QueryMovementAsync(request, cancellationToken)))
            .RequireAuthorization(AdminServices.Read).WithTags("Movements").WithName("QueryMovement").WithSummary("Status, milestones with the evidence of each side, findings.");
    }

    private static Results<Ok<RegistrationReceipt>, Accepted<RegistrationReceipt>, Conflict<RegistrationReceipt>, ValidationProblem> Typed(MovementAnswer answer) => answer switch
    {
        { Fault: { } fault } => TypedResults.ValidationProblem(
            fault.Fields.GroupBy(f => f.Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray(), StringComparer.Ordinal), title: fault.Code),
        { Receipt: { Pending: true } receipt } => TypedResults.Accepted($"/api/journal/{receipt.Entry}", receipt),
        { Receipt: { Accepted: true } receipt } => TypedResults.Ok(receipt),
        _ => TypedResults.Conflict(answer.Receipt!),
    };
}
