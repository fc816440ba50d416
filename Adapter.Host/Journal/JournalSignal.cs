namespace Adapter.Host.Journal;

/// <summary>Wakes the processor when the journal has grown, and callers when their entry is processed.</summary>
/// <remarks>Only a wake-up: what counts stands in the store, so a signal lost in a crash loses nothing.</remarks>
internal sealed class JournalSignal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<EntryResult?>> _waiting = [];
    private TaskCompletionSource _appended = NewSource();

    public void Appended()
    {
        lock (_gate)
        {
            _appended.TrySetResult();
        }
    }

    /// <summary>Ends when something was appended since the last call.</summary>
    public async Task WaitForAppendAsync(CancellationToken cancellationToken)
    {
        Task appended;
        lock (_gate)
        {
            appended = _appended.Task;
        }

        await appended.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _appended = NewSource();
        }
    }

    /// <summary>Tells whoever waits for these entries that they are processed.</summary>
    public void Processed(IEnumerable<EntryResult> results)
    {
        lock (_gate)
        {
            foreach (var result in results)
            {
                if (_waiting.Remove(result.Position, out var waiting))
                {
                    waiting.TrySetResult(result);
                }
            }
        }
    }

    /// <summary>Waits until the entry is processed.</summary>
    /// <param name="read">Reads the stored result, for the case that processing was faster than this call.</param>
    /// <returns>The result, or null when <paramref name="patience"/> ran out first: accepted, pending.</returns>
    public async Task<EntryResult?> WaitForResultAsync(
        long position, Func<Task<EntryResult?>> read, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource<EntryResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting[position] = source;
        }

        try
        {
            return await read() ?? await source.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(position);
            }
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
