using Adapter.Host.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/principals</c> and <c>/api/audit</c>.</summary>
internal static class PrincipalEndpoints
{
    public static void MapPrincipals(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/principals").RequireAuthorization(AdminServices.Administer).WithTags("Principals");
        group.MapGet("", List).WithName("ListPrincipals");
        group.MapPost("", Add).WithName("AddPrincipal").WithSummary("Makes a principal and its key. The key is told this once.");
        group.MapPost("/{name}/disable", Disable).WithName("DisablePrincipal");
        routes.MapGet("/api/audit", Audit).RequireAuthorization(AdminServices.Administer).WithTags("Audit").WithName("ReadAudit");
    }

    private static async Task<Ok<IReadOnlyList<Principal>>> List(IPrincipalStore principals, CancellationToken cancellationToken) =>
        TypedResults.Ok(await principals.ListAsync(cancellationToken));

    private static async Task<Results<Created<NewKey>, ValidationProblem, ProblemHttpResult>> Add(
        NewPrincipal asked, HttpContext context, IPrincipalStore principals, CancellationToken cancellationToken)
    {
        if (PrincipalRules.Check(asked.Name, asked.Roles) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        return await principals.AddAsync(asked.Name, asked.Roles, context.Actor(), cancellationToken) is { } key
            ? TypedResults.Created($"/api/principals/{asked.Name}", new NewKey(asked.Name, key))
            : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, title: "principal.exists", detail: $"There is a principal {asked.Name} already. Disable it and choose another name.");
    }

    private static async Task<Results<NoContent, NotFound>> Disable(string name, HttpContext context, IPrincipalStore principals, CancellationToken cancellationToken) =>
        await principals.DisableAsync(name, context.Actor(), cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<Ok<IReadOnlyList<AuditEntry>>> Audit(IPrincipalStore principals, long? before, int? most, CancellationToken cancellationToken) =>
        TypedResults.Ok(await principals.AuditAsync(before ?? long.MaxValue, Math.Clamp(most ?? 100, 1, 1000), cancellationToken));
}

internal sealed record NewPrincipal(string Name, IReadOnlyList<string> Roles);

internal sealed record NewKey(string Name, string Key);
