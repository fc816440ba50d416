using System.Text.Json;
using Adapter.Mappings;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>Runs a draft over recorded traffic beside what is live. Sends nothing and writes nothing.</summary>
internal sealed class DraftRehearsal(IRecordedTraffic traffic)
{
    private const int PageSize = 200;

    /// <param name="live">Null where nothing is live under this name.</param>
    /// <param name="progress">Told the number of messages done and the total, once for a page.</param>
    public async Task<RehearsalReport> RunAsync(
        CompiledMapping draft, CompiledMapping? live, TrafficStretch stretch, IReadOnlyList<string> masks, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var tally = new RehearsalTally(masks);
        stretch = stretch with { Received = draft.ReadsMessages };
        var total = await traffic.CountAsync(stretch, cancellationToken);
        progress(0, total);
        RecordedMessage? last = null;
        while (await traffic.PageAsync(stretch, last, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                object source = stretch.Received ? MappingSource.Message(message.Source) : JsonSerializer.Deserialize(message.Source.Span, RehearsalJson.Default.OutgoingEvent)!;
                var (after, problems) = Outcome(draft, source);
                tally.Add(message.Id, live is null ? null : Outcome(live, source).Body, after, problems);
            }

            last = page[^1];
            progress(tally.Messages, total);
            // One thread's worth at most, and intake before it.
            await Task.Yield();
        }

        return tally.Report();
    }

    private static (ReadOnlyMemory<byte>? Body, IReadOnlyList<MappingProblem> Problems) Outcome(CompiledMapping mapping, object source) => mapping.Apply(source) switch
    {
        MappingOutcome.Mapped mapped => (mapped.Body, []),
        MappingOutcome.Failed failed => (null, failed.Problems),
        var other => throw new InvalidOperationException($"The mapping engine answered {other}."),
    };
}
