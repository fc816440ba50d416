using System.Threading.Channels;
using Adapter.Host.Observability;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Storage;

/// <summary>What a write is for. The two kinds take turns, so that neither can starve the other.</summary>
internal enum WriteUrgency
{
    Intake,
    Ordinary,
}

/// <summary>Owns the only write connection and groups all waiting writes into one commit.</summary>
/// <remarks>
/// A sync costs a hundred times what a row costs, so requests, decisions and outcomes that wait at the same moment share one. Each
/// write has a savepoint: one that fails is undone alone, and the others commit. A write's task ends after the commit, never before.
/// </remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Longest time that one commit collects writes; keeps the wait of the next intake short.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly Channel<Write> _intake;
    private readonly Channel<Write> _ordinary;
    private readonly ManualResetEventSlim _queued = new(initialState: false, spinCount: 0);
    private readonly TimeProvider _time;
    private readonly AdapterMetrics _metrics;
    private readonly ICrashPoint _crash;
    private readonly SqliteSession _session;
    private readonly Task _loop;
    private volatile bool _stopping;
    private bool _ordinaryIsNext;

    public SqliteWriter(SqliteDatabase database, IOptions<StorageOptions> options, TimeProvider time, AdapterMetrics metrics, ICrashPoint crash)
    {
        _time = time;
        _metrics = metrics;
        _crash = crash;
        var bound = new BoundedChannelOptions(options.Value.WriteQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait };
        _intake = Channel.CreateBounded<Write>(bound);
        _ordinary = Channel.CreateBounded<Write>(bound);
        _session = database.OpenForWriting();
        SqliteMigrations.Apply(_session, time, crash);
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Runs <paramref name="work"/> inside the next commit and returns its result once that commit is on disk.</summary>
    /// <exception cref="StoreUnavailableException">The store could not commit; nothing of this write took effect.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before its turn came; nothing of this write took effect, now or later.</exception>
    public async Task<T> WriteAsync<T>(WriteUrgency urgency, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
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
        await using var givingUp = cancellationToken.UnsafeRegister(static (waiting, token) => ((Write<T>)waiting!).GiveUp(token), write);
        return await write.Task;
    }

    public Task WriteAsync(WriteUrgency urgency, Action<SqliteSession> work, CancellationToken cancellationToken) =>
        WriteAsync(urgency, session => { work(session); return true; }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _intake.Writer.TryComplete();
        _ordinary.Writer.TryComplete();
        _stopping = true;
        _queued.Set();
        await _loop;
        _session.Dispose();
        // The event is left to the garbage collector: a caller may be between queueing and setting it.
    }

    private void Run()
    {
        var group = new List<Write>();
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

    private void CommitGroup(List<Write> group, Write first, long? startedAt)
    {
        group.Clear();
        Exception? failure = null;
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            _crash.Reached(CrashPoints.WriterBegun);
            for (var write = first; write is not null; write = Next(startedAt))
            {
                if (group.Count > 0)
                {
                    _crash.Reached(CrashPoints.WriterBetweenWrites);
                }

                group.Add(write);
                RunInSavepoint(write);
            }

            _crash.Reached(CrashPoints.WriterBeforeCommit);
            _session.Execute("COMMIT");
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

    private void RunInSavepoint(Write write)
    {
        _session.Execute("SAVEPOINT one");
        try
        {
            write.Run(_session);
        }
        catch (Exception exception) when (!EndsTransaction(exception))
        {
            _session.Execute("ROLLBACK TO one");
            write.Fail(exception);
        }

        _session.Execute("RELEASE one");
    }

    /// <summary>Full disk, I/O error, lost lock and their like undo the whole transaction; anything else is the write's own fault.</summary>
    private static bool EndsTransaction(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 26,
    };

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself after some errors; then there is nothing left to undo.
        }
    }

    private Write? Next(long? startedAt)
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

    private abstract class Write
    {
        public abstract void Run(SqliteSession session);

        public abstract void Fail(Exception exception);

        /// <summary>Tells the caller: the result after a commit, or that nothing took effect.</summary>
        public abstract void Settle(Exception? commitFailure);
    }

    private sealed class Write<T>(Func<SqliteSession, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;
        private int _begunOrGivenUp;

        public Task<T> Task => _done.Task;

        public override void Run(SqliteSession session)
        {
            if (Interlocked.Exchange(ref _begunOrGivenUp, 1) == 0)
            {
                _result = work(session);
            }
        }

        /// <summary>Ends the wait of a caller whose write has not begun; it will not be run any more.</summary>
        public void GiveUp(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _begunOrGivenUp, 1) == 0)
            {
                _done.TrySetCanceled(cancellationToken);
            }
        }

        public override void Fail(Exception exception) => _failure = exception;

        public override void Settle(Exception? commitFailure)
        {
            if (_failure is not null)
            {
                _done.TrySetException(_failure);
            }
            else if (commitFailure is not null)
            {
                _done.TrySetException(new StoreUnavailableException($"The store could not commit: {commitFailure.Message} Nothing was kept; the write may be tried again.", commitFailure));
            }
            else
            {
                _done.TrySetResult(_result!);
            }
        }
    }
}
