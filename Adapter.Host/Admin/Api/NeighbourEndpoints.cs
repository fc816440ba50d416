using System.Text;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Neighbours;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Adapter.Host.Admin.Api;

/// <summary><c>/api/neighbours</c>: what neighbouring customs sent, how it was understood, and what it was answered.</summary>
internal static class NeighbourEndpoints
{
    public static void MapNeighbours(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/neighbours").RequireAuthorization(AdminServices.Read).WithTags("Neighbours");
        group.MapGet("/{neighbour}/messages/{reference}", Find).WithName("FindNeighbourMessage")
            .WithSummary("A message by the neighbour's own reference, with each value that its mapping document took from it.");
    }

    private static async Task<Results<Ok<NeighbourMessageView>, NotFound>> Find(
        string neighbour, string reference, INeighbourStore store, MessageExplainer explainer, CancellationToken cancellationToken) =>
        await store.FindAsync(neighbour, reference, cancellationToken) is { } kept
            ? TypedResults.Ok(new NeighbourMessageView(
                kept.Neighbour, kept.Reference, kept.Lane, kept.Number, kept.ReceivedAt, kept.State, kept.Entry, kept.Document, kept.DocumentVersion,
                kept.Source.IsEmpty ? null : Encoding.UTF8.GetString(kept.Source.Span), kept.Answer.IsEmpty ? null : Encoding.UTF8.GetString(kept.Answer.Span),
                kept is { Document: { } document, DocumentVersion: { } version } ? await explainer.ExplainReceivedAsync(document, version, kept.Source, cancellationToken) : null))
            : TypedResults.NotFound();
}

/// <param name="Mrn">The movement that it is about.</param>
/// <param name="Number">Its number in the neighbour's count.</param>
/// <param name="State"><c>pending</c>, <c>accepted</c> or <c>rejected</c>.</param>
/// <param name="Entry">The journal entry that it became.</param>
/// <param name="Message">As it came, with who sent it around it: what <c>mapping preview</c> reads.</param>
/// <param name="Answer">Our final answer; null while it is pending.</param>
/// <param name="Explanation">Null where the version is not there any more.</param>
internal sealed record NeighbourMessageView(
    string Neighbour, string Reference, string? Mrn, long? Number, DateTimeOffset ReceivedAt, string State, long? Entry, string? Document, int? DocumentVersion,
    string? Message, string? Answer, MessageExplanation? Explanation);
