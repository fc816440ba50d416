namespace Adapter.Host.Delivery.DeadLetters;

/// <summary>Dead letters that somebody wants to hear of, kept in the commit that made them until a queue has taken them.</summary>
internal interface IDeadLetterOutbox
{
    /// <summary>Begins or ends the keeping. What has stopped already is kept when it begins.</summary>
    Task KeepAsync(bool wanted, CancellationToken cancellationToken);

    /// <summary>The oldest, in the order in which they stopped.</summary>
    Task<IReadOnlyList<DeadLetter>> NextAsync(int most, CancellationToken cancellationToken);

    /// <summary>Forgets these: the queue has them.</summary>
    Task TakenAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    Task<long> WaitingAsync(CancellationToken cancellationToken);
}
