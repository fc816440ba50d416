using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Takes what Joint Cloud pushes: <c>POST /intake/jointech/{location|alarm|event|status|command}</c>.</summary>
/// <remarks>
/// Authenticated and readable JSON is always answered 200, also when an element is bad: a cloud that never repeats must not be told
/// to. The answer is sent after the journal's commit, so what was accepted survives a crash.
/// </remarks>
internal static class JointechIntake
{
    public static void MapJointechIntake(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/intake/jointech").WithTags("Intake").ExcludeFromDescription();
        // The desk knows its callers by other means than the admin API does.
        group.ShortCircuit();
        foreach (var route in Enum.GetValues<ReportRoute>())
        {
            group.MapPost("/" + ReportRoutes.Name(route), (HttpContext context, IntakeDesk desk) => desk.TakeAsync(context, new IntakeRoute(route)));
        }
    }
}
