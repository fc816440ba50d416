using System.Threading.Channels;
using Adapter.Host.Storage;

namespace Adapter.Host.Ingest.Gaps;

/// <summary>Takes note of refusals at once and writes them to the store as soon as it can.</summary>
/// <remarks>
/// When it is the store that is away, they wait here: one note per source, route and reason, however many requests are refused. A crash
/// while they wait loses the notes; the log has their first line, and the time after the crash is a gap of the host.
/// </remarks>
internal sealed partial class GapBook(IGapStore store, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<GapBook> logger) : BackgroundService
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Source, string Route, string Reason), Refusals> _notes = [];
    private readonly Dictionary<(string Source, string Route, string Reason), DateTimeOffset> _told = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes that a request of a source that never repeats was refused.</summary>
    public void Refused(string source, string route, string reason)
    {
        var now = time.GetUtcNow();
        Note(new Refusals(source, route, reason, now, now, 1));
        if (IsNews((source, route, reason), now))
        {
            LogOpened(source, route, reason);
        }
    }

    /// <summary>Notes a time in which the host could not be told anything.</summary>
    public void Down(string source, DateTimeOffset from, DateTimeOffset until) => Note(new Refusals(source, "*", GapReason.HostDown, from, until, 0));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What is noted until the doors are closed is still written, where the store allows it.
        _signal.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WaitAsync(stoppingToken))
        {
            while (!await WriteAsync())
            {
                await Task.Delay(StorePause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stoppingToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        await WriteAsync();
    }

    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _signal.Reader.ReadAsync(stoppingToken);
            return true;
        }
        catch (Exception over) when (over is ChannelClosedException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Note(Refusals refused)
    {
        lock (_gate)
        {
            Add(refused);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <returns>False when the store is away; what was noted waits.</returns>
    private async Task<bool> WriteAsync()
    {
        List<Refusals> notes;
        lock (_gate)
        {
            notes = [.. _notes.Values];
            _notes.Clear();
        }

        if (notes.Count == 0)
        {
            return true;
        }

        try
        {
            await store.RecordAsync(notes, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                notes.ForEach(Add);
            }

            LogNotWritten(exception, notes.Count);
            return false;
        }
    }

    private void Add(Refusals refused)
    {
        var key = (refused.Source, refused.Route, refused.Reason);
        _notes[key] = _notes.TryGetValue(key, out var noted) ? noted.With(refused) : refused;
    }

    private bool IsNews((string Source, string Route, string Reason) gap, DateTimeOffset now)
    {
        lock (_gate)
        {
            var news = !_told.TryGetValue(gap, out var last) || now - last > IGapStore.Silence;
            _told[gap] = now;
            return news;
        }
    }

    [LoggerMessage(1002, LogLevel.Warning, "A request of {Source} to {Route} was refused ({Reason}), and this source never repeats: a gap is open. When the cause is mended, fetch what is missing at the source and close the gap at /api/gaps.")]
    private partial void LogOpened(string source, string route, string reason);

    [LoggerMessage(1003, LogLevel.Error, "{Count} gap records wait for the store.")]
    private partial void LogNotWritten(Exception exception, int count);
}
