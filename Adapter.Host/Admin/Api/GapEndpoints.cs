using Adapter.Host.Ingest.Gaps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/gaps</c>: times for which something may be missing that its source will not send again.</summary>
internal static class GapEndpoints
{
    public static void MapGaps(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gaps").RequireAuthorization(AdminServices.Read).WithTags("Gaps");
        group.MapGet("", List).WithName("ListGaps").WithSummary("Newest first; ?open=true leaves out what was closed.");
        group.MapPost("/{id}/close", Close).WithName("CloseGap").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Closes a gap after what was missing was fetched, or found not to matter.");
    }

    private static async Task<Ok<IReadOnlyList<Gap>>> List(IGapStore gaps, bool? open, long? before, int? most, CancellationToken cancellationToken) =>
        TypedResults.Ok(await gaps.ListAsync(open ?? false, before ?? long.MaxValue, Math.Clamp(most ?? 100, 1, 1000), cancellationToken));

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> Close(
        long id, GapClosing closing, HttpContext context, IGapStore gaps, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(closing.Reason) || closing.Reason.Length > 500)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["reason"] = ["Say in 1 to 500 characters what was done about it."] });
        }

        return await gaps.CloseAsync(id, context.Actor(), closing.Reason, cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "gap.unknown", detail: $"There is no open gap {id}. See /api/gaps?open=true.");
    }
}

internal sealed record GapClosing(string Reason);
