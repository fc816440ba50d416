using Adapter.Host.Delivery.Outcomes;

namespace Adapter.Host.Delivery.Pull;

/// <summary>Lanes of receivers that fetch their messages: heads are leased, and the lease ends with the acknowledgement or by itself.</summary>
/// <remarks>At most one message of a lane is out at a time: a later number must not take effect before the earlier one is acknowledged.</remarks>
internal interface IPullStore
{
    /// <summary>Commits that due heads are handed out; each becomes due again at <paramref name="until"/>, with the same bytes and id.</summary>
    /// <param name="mostAttempts">A head handed out so often without acknowledgement parks instead: whoever takes it seems to fail on it.</param>
    /// <returns>The longest waiting first.</returns>
    Task<IReadOnlyList<LeasedMessage>> LeaseAsync(
        string destination, string caller, int most, DateTimeOffset until, int mostAttempts, CancellationToken cancellationToken);

    /// <summary>Commits what the receiver says of a message that was handed out. A lease that has ended still counts: the receiver has the message.</summary>
    /// <returns><see cref="AnswerEffect.Foreign"/>, with nothing kept, where this message was never handed out under this lease.</returns>
    Task<AnswerEffect> AcknowledgeAsync(string destination, string messageId, long lease, Receipt receipt, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>When the next head is due, or null where nothing waits.</summary>
    Task<DateTimeOffset?> NextDueAsync(string destination, CancellationToken cancellationToken);
}

/// <summary>A message in the hands of its receiver.</summary>
/// <param name="Lease">Number of this handing out; the acknowledgement names it.</param>
/// <param name="Number">Place in the lane.</param>
/// <param name="Times">How often it was handed out, this time included.</param>
internal sealed record LeasedMessage(
    long Lease, string MessageId, string Subject, long Number, int Revision, string Kind, DateTimeOffset OccurredAt, string? Corrects, string? Supersedes,
    int Times, DateTimeOffset Until, ReadOnlyMemory<byte> Body);
