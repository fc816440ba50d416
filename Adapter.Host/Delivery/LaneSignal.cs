namespace Adapter.Host.Delivery;

/// <summary>Wakes the dispatcher when a lane may have something to send. Only a wake-up: what counts stands in the store.</summary>
internal sealed class LaneSignal : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);

    public void Changed()
    {
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

    public void Dispose() => _changed.Dispose();
}
