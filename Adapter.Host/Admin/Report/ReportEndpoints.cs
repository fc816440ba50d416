using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Report;

/// <summary><c>/api/journeys/{id}/report</c>: the file of a journey, as JSON or as a page.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/journeys/{id}").RequireAuthorization(AdminServices.Read).WithTags("Journeys");
        group.MapGet("/report", Report).WithName("FindJourneyReport")
            .WithSummary("Route, timeline, seals, findings, messages with receipts, hashes: JSON, or a page where text/html is asked for.");
        group.MapGet("/report.html", Page).WithName("FindJourneyReportPage").WithSummary("The report as one page to read and print; dir=rtl for a page from right to left.");
    }

    private static async Task<Results<Ok<JourneyReport>, ContentHttpResult, NotFound, ValidationProblem>> Report(
        string id, string? dir, HttpContext context, ReportAssembly reports, CancellationToken cancellationToken)
    {
        if (PrefersPage(context.Request))
        {
            return (await Page(id, dir, context, reports, cancellationToken)).Result switch
            {
                ContentHttpResult page => page,
                ValidationProblem problem => problem,
                _ => TypedResults.NotFound(),
            };
        }

        return await reports.FindAsync(id, cancellationToken) is { } report ? TypedResults.Ok(report) : TypedResults.NotFound();
    }

    private static async Task<Results<ContentHttpResult, NotFound, ValidationProblem>> Page(
        string id, string? dir, HttpContext context, ReportAssembly reports, CancellationToken cancellationToken)
    {
        if (dir is not (null or "ltr" or "rtl"))
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["dir"] = ["The direction is ltr or rtl."] });
        }

        if (await reports.FindAsync(id, cancellationToken) is not { } report)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = ReportPage.ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(ReportPage.Of(report, rightToLeft: dir == "rtl"), "text/html; charset=utf-8");
    }

    private static bool PrefersPage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality("text/html") > Quality("application/json");

        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
    }
}
