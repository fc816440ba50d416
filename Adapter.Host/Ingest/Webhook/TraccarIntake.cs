using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Takes what Traccar forwards as JSON: <c>POST /intake/traccar/{positions|events}</c>, one object or an array.</summary>
/// <remarks>
/// Answered like Joint Cloud's pushes. Traccar sends an event once and counts any 2xx as taken, so an event must never be refused for
/// what it says. Its secret header is set with <c>forward.header</c> and <c>event.forward.header</c>.
/// </remarks>
internal static class TraccarIntake
{
    private const string Dialect = "traccar";

    public static void MapTraccarIntake(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/intake/traccar").WithTags("Intake").ExcludeFromDescription();
        // The desk knows its callers by other means than the admin API does.
        group.ShortCircuit();
        group.MapPost("/positions", (HttpContext context, IntakeDesk desk) => desk.TakeAsync(context, new IntakeRoute(ReportRoute.Location, Dialect)));
        group.MapPost("/events", (HttpContext context, IntakeDesk desk) => desk.TakeAsync(context, new IntakeRoute(ReportRoute.Event, Dialect)));
    }
}
