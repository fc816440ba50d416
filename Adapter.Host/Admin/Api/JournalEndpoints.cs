using System.Text;
using Adapter.Host.Journal;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/journal</c>: what came in, and what became of it.</summary>
internal static class JournalEndpoints
{
    public static void MapJournal(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/journal").RequireAuthorization(AdminServices.Read).WithTags("Journal");
        group.MapGet("/{position:long}", Find).WithName("FindEntry");
        group.MapPost("/{position:long}/retry", Retry).WithName("RetryEntry").RequireAuthorization(AdminServices.Operate)
            .WithSummary("Processes a parked entry once more, after its cause was mended.");
    }

    private static async Task<Results<Accepted, NotFound>> Retry(long position, HttpContext context, IJournal journal) =>
        await journal.RetryAsync(position, context.Actor(), context.RequestAborted) ? TypedResults.Accepted($"/api/journal/{position}") : TypedResults.NotFound();

    private static async Task<Results<Ok<EntryView>, NotFound>> Find(long position, IJournal journal, CancellationToken cancellationToken) =>
        await journal.FindAsync(position, cancellationToken) is { } story
            ? TypedResults.Ok(new EntryView(
                story.Entry.Position, story.Entry.Kind.ToString(), story.Entry.Source, story.Entry.Route, story.Entry.ReceivedAt, story.State, story.Relation,
                story.Related, story.Note, story.Elided, story.Result, Encoding.UTF8.GetString(story.Entry.Body.Span)))
            : TypedResults.NotFound();
}

internal sealed record EntryView(
    long Position, string Kind, string Source, string Route, DateTimeOffset ReceivedAt, string State, string? Relation, long? Related, string? Note,
    string? Elided, EntryResult? Result, string Body);
