namespace Adapter.Host.Storage;

/// <summary>A write that waits for its turn, with the caller who waits for it.</summary>
internal abstract class QueuedWrite
{
    public abstract void Run(StoreSession session);

    /// <summary>Its part of the transaction was undone.</summary>
    /// <returns>Writes that failed with others and may succeed alone.</returns>
    public abstract IReadOnlyList<QueuedWrite> Fail(Exception exception);

    /// <summary>Tells the caller: the result after a commit, or that nothing took effect.</summary>
    public abstract void Settle(Exception? commitFailure);

    /// <summary>Whether it runs the next one together with itself from now on.</summary>
    public virtual bool Takes(QueuedWrite next) => false;
}

/// <inheritdoc/>
internal abstract class QueuedWrite<T> : QueuedWrite
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T? _result;
    private int _begunOrGivenUp;

    public Task<T> Task => _done.Task;

    /// <summary>Ends the wait of a caller whose write has not begun; it will not be run any more.</summary>
    public void GiveUp(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _begunOrGivenUp, 1) == 0)
        {
            _done.TrySetCanceled(cancellationToken);
        }
    }

    public override IReadOnlyList<QueuedWrite> Fail(Exception exception)
    {
        _failure = exception;
        return [];
    }

    public override void Settle(Exception? commitFailure)
    {
        if (_failure is not null)
        {
            _done.TrySetException(_failure);
        }
        else if (commitFailure is not null)
        {
            _done.TrySetException(commitFailure as StoreUnavailableException
                ?? new StoreUnavailableException($"The store could not commit: {commitFailure.Message} Nothing was kept; the write may be tried again.", commitFailure));
        }
        else
        {
            _done.TrySetResult(_result!);
        }
    }

    /// <summary>Takes the write out of its caller's hands.</summary>
    /// <returns>False where the caller has given up.</returns>
    protected bool Begins() => Interlocked.Exchange(ref _begunOrGivenUp, 1) == 0;

    protected void Results(T result) => _result = result;
}

internal sealed class SingleWrite<T>(Func<StoreSession, T> work) : QueuedWrite<T>
{
    public override void Run(StoreSession session)
    {
        if (Begins())
        {
            Results(work(session));
        }
    }
}

/// <summary>A part of work that costs less when several parts are done at once.</summary>
internal sealed class MergedWrite<TPart, TResult>(TPart part, int weight, Func<StoreSession, IReadOnlyList<TPart>, IReadOnlyList<TResult>> work) : QueuedWrite<TResult>
{
    /// <summary>Weight of one run; more would keep others waiting and gain nothing.</summary>
    private const int Most = 1024;

    private readonly Func<StoreSession, IReadOnlyList<TPart>, IReadOnlyList<TResult>> _work = work;
    private readonly TPart _part = part;
    private readonly int _weight = weight;
    private List<MergedWrite<TPart, TResult>> _together = [];
    private int _total = weight;
    private bool _begun;

    public override bool Takes(QueuedWrite next)
    {
        if (next is not MergedWrite<TPart, TResult> other || other._work != _work || _total + other._weight > Most)
        {
            return false;
        }

        _together.Add(other);
        _total += other._weight;
        return true;
    }

    public override void Run(StoreSession session)
    {
        List<MergedWrite<TPart, TResult>> runs = [.. _together.Prepend(this).Where(write => write._begun |= write.Begins())];
        if (runs.Count == 0)
        {
            return;
        }

        var results = _work(session, [.. runs.Select(write => write._part)]);
        for (var i = 0; i < runs.Count; i++)
        {
            runs[i].Results(results[i]);
        }
    }

    public override IReadOnlyList<QueuedWrite> Fail(Exception exception)
    {
        if (_together.Count == 0)
        {
            return base.Fail(exception);
        }

        IReadOnlyList<QueuedWrite> alone = [this, .. _together];
        _together = [];
        return alone;
    }
}
