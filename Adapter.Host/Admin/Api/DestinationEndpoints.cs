using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Mapping;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/destinations</c>: the receivers, how they are reached, and whether anything goes to them now.</summary>
internal static class DestinationEndpoints
{
    public static void MapDestinations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/destinations").RequireAuthorization(AdminServices.Read).WithTags("Destinations");
        group.MapGet("", List).WithName("ListDestinations");
        group.MapPut("/{name}", Put).WithName("PutDestination").RequireAuthorization(AdminServices.Administer)
            .WithSummary("Makes a destination (version 0) or replaces the version that was read. Messages already made keep their bytes.");
        group.MapPost("/{name}/hold", (string name, HoldAct act, HttpContext context, IDestinationStore store, LaneSignal signal) => HoldAsync(name, act, hold: true, context, store, signal))
            .WithName("HoldDestination").RequireAuthorization(AdminServices.Operate).WithSummary("Lets nothing go to the destination until it is released. Attempts under way end.");
        group.MapPost("/{name}/release", (string name, HoldAct act, HttpContext context, IDestinationStore store, LaneSignal signal) => HoldAsync(name, act, hold: false, context, store, signal))
            .WithName("ReleaseDestination").RequireAuthorization(AdminServices.Operate);
    }

    private static async Task<Ok<IReadOnlyList<DestinationView>>> List(IDestinationStore store, Breakers breakers, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<DestinationView>>(
            [.. (await store.KeptAsync(cancellationToken)).Select(kept => new DestinationView(kept.Definition.Name, kept.Version, kept.Held, breakers.View(kept.Definition.Name), kept.Definition))]);

    private static async Task<Results<Ok<DestinationVersion>, ValidationProblem, ProblemHttpResult>> Put(
        string name, DestinationEdit edit, HttpContext context, IDestinationStore store, LiveDocuments documents, IOutboundAllowList allowList, LaneSignal signal, CancellationToken cancellationToken)
    {
        List<string> wrong = [.. DestinationRules.Check("definition", name, edit.Definition)];
        if (edit.Definition.Name != name)
        {
            wrong.Add($"definition:Name: it is '{edit.Definition.Name}', and the address names '{name}'. A destination is never renamed: its name is part of every message id.");
        }

        if (edit.Definition.Endpoint is { IsAbsoluteUri: true, Scheme: "http" or "https" } endpoint && !allowList.Permits(endpoint, out var refusal))
        {
            wrong.Add($"definition:Endpoint: {refusal}");
        }

        if (documents.Find(edit.Definition.Document ?? "") is null)
        {
            wrong.Add($"definition:Document: there is no live mapping document '{edit.Definition.Document}'.");
        }

        if (wrong.Count > 0 || !HoldAct.IsReason(edit.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(edit.Reason, wrong));
        }

        if (await store.PutAsync(edit.Definition, edit.Version, context.Actor(), edit.Reason, cancellationToken) is not { } version)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "destination.changed",
                detail: $"Destination {name} is not at version {edit.Version}. Read it again, and make the change from what it is now.");
        }

        signal.Changed();
        return TypedResults.Ok(new DestinationVersion(name, version));
    }

    private static async Task<Results<NoContent, NotFound, ValidationProblem>> HoldAsync(
        string name, HoldAct act, bool hold, HttpContext context, IDestinationStore store, LaneSignal signal)
    {
        if (!HoldAct.IsReason(act.Reason))
        {
            return TypedResults.ValidationProblem(HoldAct.Errors(act.Reason, []));
        }

        if (!await store.HoldAsync(name, hold, context.Actor(), act.Reason, context.RequestAborted))
        {
            return TypedResults.NotFound();
        }

        signal.Changed();
        return TypedResults.NoContent();
    }
}

/// <param name="Held">Set while a person lets nothing go to it.</param>
/// <param name="Breaker">Whether it answers.</param>
internal sealed record DestinationView(string Name, int Version, DestinationHold? Held, BreakerView Breaker, Destination Definition);

/// <param name="Version">The version that the change was made from; 0 for a new destination.</param>
internal sealed record DestinationEdit(int Version, string Reason, Destination Definition);

internal sealed record DestinationVersion(string Name, int Version);

internal sealed record HoldAct(string Reason)
{
    public static bool IsReason(string? reason) => !string.IsNullOrWhiteSpace(reason) && reason.Length <= 500;

    public static Dictionary<string, string[]> Errors(string? reason, IReadOnlyList<string> wrong)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!IsReason(reason))
        {
            errors["reason"] = ["Give a reason of 1 to 500 characters."];
        }

        if (wrong.Count > 0)
        {
            errors["definition"] = [.. wrong];
        }

        return errors;
    }
}
