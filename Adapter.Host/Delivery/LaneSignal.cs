namespace Adapter.Host.Delivery;

/// <summary>Wakes the dispatcher, and receivers that wait for their messages, when a lane may have something to send. Only a wake-up: what counts stands in the store.</summary>
internal sealed class LaneSignal : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);
    private TaskCompletionSource? _watched;

    public void Changed()
    {
        Interlocked.Exchange(ref _watched, null)?.TrySetResult();
        if (_changed.CurrentCount > 0)
        {
            return;
        }

        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was faster; one wake-up is enough.
        }
    }

    /// <summary>Takes a change that has been told already: whoever gets one need not find out how long to wait.</summary>
    public bool TryTake() => _changed.Wait(0);

    /// <summary>Ends at the next change, or when the patience runs out.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The patience ran out: time to look at the schedule.
        }
    }

    /// <summary>Ends at the next change after this call. Any number may watch; take it before looking, so that no change falls between.</summary>
    public Task Watch()
    {
        while (true)
        {
            if (Volatile.Read(ref _watched) is { } watched)
            {
                return watched.Task;
            }

            Interlocked.CompareExchange(ref _watched, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        }
    }

    public void Dispose() => _changed.Dispose();
}
