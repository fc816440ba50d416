using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery.Pull;

/// <summary>Hands messages to receivers that cannot be called, and takes their acknowledgements.</summary>
/// <remarks>Knows no wire format: the SOAP service and tests call the same.</remarks>
internal sealed class PullDesk(
    IPullStore store, IDestinationStore destinations, LaneSignal signal, IHostApplicationLifetime lifetime, AdapterMetrics metrics, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
{
    /// <summary>Messages in one answer.</summary>
    public const int LargestBatch = 100;

    /// <summary>Longest time that a call waits for messages; longer ones are cut by proxies on the way.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Other nodes queue messages too, and their signals end at their process.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Leases what is due, or waits for it.</summary>
    /// <param name="receiver">Destination that is meant; null where the caller fetches for one alone.</param>
    /// <param name="most">1 to <see cref="LargestBatch"/>.</param>
    /// <param name="wait">How long the call may last when nothing is due; at most <see cref="LongestWait"/>.</param>
    public async Task<PullAnswer> GetPendingAsync(Actor caller, string? receiver, int most, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (most is < 1 or > LargestBatch || wait < TimeSpan.Zero || wait > LongestWait)
        {
            return PullAnswer.Refused("notifications.invalid", $"Most lies between 1 and {LargestBatch}, the wait between 0 and {LongestWait.TotalSeconds} seconds.");
        }

        var begun = time.GetTimestamp();
        // A host that stops answers at once, with nothing, instead of holding its end up.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        while (true)
        {
            // Before looking, so that what changes meanwhile wakes the wait below.
            var changed = signal.Watch();
            var (kept, refusal) = await FindAsync(caller, receiver, cancellationToken);
            if (kept is null)
            {
                return refusal!;
            }

            var now = time.GetUtcNow();
            if (kept.Held is null)
            {
                var leased = await store.LeaseAsync(kept.Definition.Name, caller.Name, most, now + kept.Definition.Pull!.Lease, kept.Definition.MaxAttempts, cancellationToken);
                if (leased.Count > 0)
                {
                    return new PullAnswer(kept.Definition.Name, leased);
                }
            }

            var left = wait - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || either.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new PullAnswer(kept.Definition.Name, []);
            }

            await WaitAsync(changed, await PatienceAsync(kept, now, left, cancellationToken), either.Token);
        }
    }

    /// <summary>Takes what the receiver says of a message.</summary>
    public async Task<AcknowledgeAnswer> AcknowledgeAsync(Actor caller, string? receiver, Acknowledgement told, CancellationToken cancellationToken)
    {
        if (told is { Accepted: false, Code: null or "" } || told.Code is { Length: > 35 } || told.Text is { Length: > 512 })
        {
            return new AcknowledgeAnswer("notifications.invalid", "A rejection has a code of 1 to 35 characters, and its text 512 at most.");
        }

        var (kept, refusal) = await FindAsync(caller, receiver, cancellationToken);
        if (kept is null)
        {
            return new AcknowledgeAnswer(refusal!.Problem!, refusal.Text!);
        }

        var receipt = new Receipt(told.Accepted ? Verdict.Accepted : Verdict.Rejected, told.Code is null or "" ? "ACCEPTED" : told.Code, told.Text);
        // The lease's number is part of what is kept: the same word about a message that was handed out again is another answer.
        var body = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{caller.Name} lease {told.Lease}: {(told.Accepted ? "accepted" : "rejected")} {receipt.Code} {receipt.Text}").TrimEnd());
        var effect = await store.AcknowledgeAsync(kept.Definition.Name, told.MessageId, told.Lease, receipt, body, cancellationToken);
        if (effect is AnswerEffect.Settled or AnswerEffect.Parked)
        {
            metrics.Attempted(kept.Definition.Name, effect == AnswerEffect.Settled ? "delivered" : "rejected");
            signal.Changed();
        }

        return effect switch
        {
            AnswerEffect.Settled => new AcknowledgeAnswer("settled", "The message counts as delivered."),
            AnswerEffect.Parked => new AcknowledgeAnswer("parked", "The message and those behind it wait for a person."),
            AnswerEffect.Foreign => new AcknowledgeAnswer("notifications.unknown-message", $"No message {told.MessageId} was handed out to {kept.Definition.Name} under lease {told.Lease}."),
            _ => new AcknowledgeAnswer("known", "The message was settled before."),
        };
    }

    private async Task<(KeptDestination? Kept, PullAnswer? Refusal)> FindAsync(Actor caller, string? receiver, CancellationToken cancellationToken)
    {
        var theirs = (await destinations.KeptAsync(cancellationToken))
            .Where(d => d.Definition is { Transport: SoapTransportKind.Pull, Pull: { } pull } && pull.Callers.Contains(caller.Name) && (receiver is null || d.Definition.Name == receiver))
            .ToList();
        return theirs switch
        {
            [var one] => (one, null),
            [] => (null, PullAnswer.Refused("notifications.not-yours", receiver is null
                ? $"{caller.Name} fetches messages of no receiver. An administrator names it in the destination's Pull:Callers."
                : $"{caller.Name} does not fetch the messages of '{receiver}'. An administrator names it in the destination's Pull:Callers.")),
            _ => (null, PullAnswer.Refused("notifications.invalid", $"{caller.Name} fetches for {string.Join(", ", theirs.Select(d => d.Definition.Name))}: name one as Receiver.")),
        };
    }

    private async Task<TimeSpan> PatienceAsync(KeptDestination kept, DateTimeOffset now, TimeSpan left, CancellationToken cancellationToken)
    {
        var patience = left < LookAgain ? left : LookAgain;
        var due = kept.Held is null && await store.NextDueAsync(kept.Definition.Name, cancellationToken) is { } next ? next - now : patience;
        return due <= TimeSpan.Zero ? TimeSpan.Zero : due < patience ? due : patience;
    }

    private async Task WaitAsync(Task changed, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Time to look again; who cancelled is looked at there.
        }
    }
}
