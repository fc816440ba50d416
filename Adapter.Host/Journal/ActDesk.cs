using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <summary>Takes a registration or an act: journals it, waits a little for its processing, and answers with the result.</summary>
/// <remarks>The journal entry names its actor and is never changed, so it is the audit line of the act.</remarks>
internal sealed class ActDesk(IJournal journal, JournalSignal signal, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<ActAnswer> ActAsync(EntryKind kind, string operation, ReadOnlyMemory<byte> body, Actor actor, CancellationToken cancellationToken)
    {
        var appended = await journal.AppendAsync(
            [new ReceivedRecord(kind, actor.Name, operation, time.GetUtcNow(), body, [], Identity: null, Quarantine: null)], cancellationToken);
        var position = ((AppendResult.Stored)appended[0]).Position;
        var result = await signal.WaitForResultAsync(
            position, async () => (await journal.FindAsync(position, cancellationToken))?.Result, Patience, time, cancellationToken);
        return result is null
            ? new ActAnswer(position, Accepted: true, Pending: true, "pending", $"Accepted and not processed yet. Ask /api/journal/{position} for the result.")
            : new ActAnswer(position, result.Accepted, Pending: false, result.Code, result.Text);
    }
}

/// <param name="Entry">Position in the journal, to ask again.</param>
/// <param name="Pending">True when the act is on disk and not processed yet.</param>
/// <param name="Code"><c>ok</c>, or a stable problem code.</param>
internal sealed record ActAnswer(long Entry, bool Accepted, bool Pending, string Code, string Text);
