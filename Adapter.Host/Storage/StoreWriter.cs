using System.Threading.Channels;
using Adapter.Host.Observability;

namespace Adapter.Host.Storage;

/// <summary>What a write is for. The two kinds take turns, so that neither can starve the other.</summary>
internal enum WriteUrgency
{
    Intake,
    Ordinary,
}

/// <summary>Owns this host's write connection and groups all waiting writes into one commit.</summary>
/// <remarks>
/// A sync costs a hundred times what a row costs, so requests, decisions and outcomes that wait at the same moment share one. Each
/// write has a savepoint: one that fails is undone alone, and the others commit. A write's task ends after the commit, never before.
/// </remarks>
internal abstract class StoreWriter : IAsyncDisposable
{
    /// <summary>Longest time that one commit collects writes; keeps the wait of the next intake short.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly Channel<QueuedWrite> _intake;
    private readonly Channel<QueuedWrite> _ordinary;
    private readonly ManualResetEventSlim _queued = new(initialState: false, spinCount: 0);
    private readonly TimeProvider _time;
    private readonly AdapterMetrics _metrics;
    private readonly ICrashPoint _crash;
    private Task _loop = Task.CompletedTask;
    private volatile bool _stopping;
    private bool _ordinaryIsNext;

    protected StoreWriter(StorageOptions options, TimeProvider time, AdapterMetrics metrics, ICrashPoint crash)
    {
        _time = time;
        _metrics = metrics;
        _crash = crash;
        var bound = new BoundedChannelOptions(options.WriteQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait };
        _intake = Channel.CreateBounded<QueuedWrite>(bound);
        _ordinary = Channel.CreateBounded<QueuedWrite>(bound);
    }

    /// <summary>Runs <paramref name="work"/> inside the next commit and returns its result once that commit is on disk.</summary>
    /// <exception cref="StoreUnavailableException">The store could not commit; nothing of this write took effect.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before its turn came; nothing of this write took effect, now or later.</exception>
    public Task<T> WriteAsync<T>(WriteUrgency urgency, Func<StoreSession, T> work, CancellationToken cancellationToken) =>
        QueueAsync(urgency, new SingleWrite<T>(work), cancellationToken);

    public Task WriteAsync(WriteUrgency urgency, Action<StoreSession> work, CancellationToken cancellationToken) =>
        WriteAsync(urgency, session => { work(session); return true; }, cancellationToken);

    /// <summary>The same for writes that are cheaper together: those that wait side by side with the same work run as one.</summary>
    /// <param name="work">One result for each part, in order. Where it fails on several parts, it is run again for each alone.</param>
    /// <param name="weight">Its share of what one run may hold.</param>
    public Task<TResult> MergeAsync<TPart, TResult>(
        WriteUrgency urgency, TPart part, int weight, Func<StoreSession, IReadOnlyList<TPart>, IReadOnlyList<TResult>> work, CancellationToken cancellationToken) =>
        QueueAsync(urgency, new MergedWrite<TPart, TResult>(part, weight, work), cancellationToken);

    private async Task<T> QueueAsync<T>(WriteUrgency urgency, QueuedWrite<T> write, CancellationToken cancellationToken)
    {
        var queue = urgency == WriteUrgency.Intake ? _intake : _ordinary;
        try
        {
            await queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StoreUnavailableException("The host is stopping and its store takes no more writes.");
        }

        _queued.Set();
        // A write that has begun is not cancellable: it may be in a commit, and its outcome must be known.
        await using var givingUp = cancellationToken.UnsafeRegister(static (waiting, token) => ((QueuedWrite<T>)waiting!).GiveUp(token), write);
        return await write.Task;
    }

    /// <summary>Changes a row to what it is, so that the commit proves that the store writes.</summary>
    public abstract void Prove(StoreSession session);

    public async ValueTask DisposeAsync()
    {
        _intake.Writer.TryComplete();
        _ordinary.Writer.TryComplete();
        _stopping = true;
        _queued.Set();
        await _loop;
        Close();
        // The event is left to the garbage collector: a caller may be between queueing and setting it.
    }

    /// <summary>Begins to take turns; the engine's writer calls it once it is ready.</summary>
    protected void Start() => _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Begins a transaction.</summary>
    protected abstract StoreSession Begin();

    /// <summary>Runs one write so that it can be undone alone.</summary>
    protected abstract void SetSavepoint();

    protected abstract void UndoToSavepoint();

    protected abstract void ReleaseSavepoint();

    protected abstract void Commit();

    /// <summary>Undoes the transaction as far as the error has left one. Throws nothing.</summary>
    protected abstract void RollBack();

    protected abstract void Close();

    /// <summary>Whether this error undoes the whole transaction; anything else is the write's own fault.</summary>
    protected abstract bool EndsTransaction(Exception exception);

    private void Run()
    {
        var group = new List<QueuedWrite>();
        while (true)
        {
            _queued.Wait();
            // Reset before looking: whoever queues behind the last look sets it again.
            _queued.Reset();
            // Read before looking too: what was queued before the doors closed still commits.
            var last = _stopping;
            while (Next(null) is { } first)
            {
                CommitGroup(group, first, last ? null : _time.GetTimestamp());
            }

            if (last)
            {
                return;
            }
        }
    }

    private void CommitGroup(List<QueuedWrite> group, QueuedWrite first, long? startedAt)
    {
        group.Clear();
        Exception? failure = null;
        try
        {
            var session = Begin();
            _crash.Reached(CrashPoints.WriterBegun);
            for (var write = first; write is not null; write = Next(startedAt))
            {
                if (group.Count > 0)
                {
                    _crash.Reached(CrashPoints.WriterBetweenWrites);
                }

                group.Add(write);
                TakeBeside(_intake.Reader, write, group);
                TakeBeside(_ordinary.Reader, write, group);
                RunInSavepoint(session, write);
            }

            _crash.Reached(CrashPoints.WriterBeforeCommit);
            Commit();
            _crash.Reached(CrashPoints.WriterCommitted);
        }
        catch (Exception exception)
        {
            failure = exception;
            if (group.Count == 0)
            {
                group.Add(first);
            }

            RollBack();
        }

        if (failure is null)
        {
            _metrics.Committed(group.Count);
        }

        foreach (var write in group)
        {
            write.Settle(failure);
        }
    }

    /// <summary>What waits first in a queue and has the same work runs together with the write.</summary>
    private static void TakeBeside(ChannelReader<QueuedWrite> queue, QueuedWrite write, List<QueuedWrite> group)
    {
        while (queue.TryPeek(out var beside) && write.Takes(beside) && queue.TryRead(out beside))
        {
            group.Add(beside);
        }
    }

    private void RunInSavepoint(StoreSession session, QueuedWrite write)
    {
        SetSavepoint();
        IReadOnlyList<QueuedWrite> alone = [];
        try
        {
            write.Run(session);
            session.Flush();
        }
        catch (Exception exception) when (!EndsTransaction(exception))
        {
            UndoToSavepoint();
            alone = write.Fail(exception);
        }

        ReleaseSavepoint();
        foreach (var one in alone)
        {
            RunInSavepoint(session, one);
        }
    }

    private QueuedWrite? Next(long? startedAt)
    {
        if (startedAt is { } start && _time.GetElapsedTime(start) > Slice)
        {
            return null;
        }

        // In turn: a flood of reports must not keep decisions and outcomes from being written, nor they the reports.
        var (first, second) = _ordinaryIsNext ? (_ordinary, _intake) : (_intake, _ordinary);
        if (!first.Reader.TryRead(out var write) && !second.Reader.TryRead(out write))
        {
            return null;
        }

        _ordinaryIsNext = !_ordinaryIsNext;
        return write;
    }
}
