using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Who may have his body read now. Before that a request costs its headers and a place in a line.</summary>
/// <remarks>
/// Bodies in memory are counted in bytes. A source may hold half of what there is and stands in a line of its own, so that a flood of one
/// keeps no other waiting; an address from which signed requests come is such a line until the signature is proved.
/// </remarks>
internal sealed class IntakeGate : IDisposable
{
    private const int Unit = 1024;

    /// <summary>A request counts at least this much, which bounds how many there are at once.</summary>
    private const int LeastBytes = 64 * Unit;

    /// <summary>An address may hold this many of the largest bodies before it has proved anything.</summary>
    private const int BodiesOfAStranger = 4;

    private readonly IngestOptions _options;
    private readonly ConcurrencyLimiter _memory;
    private readonly ConcurrentDictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly ConcurrencyLimiter _strangers;
    private readonly PartitionedRateLimiter<IPAddress> _strangersByAddress;

    public IntakeGate(IOptions<IngestOptions> options)
    {
        _options = options.Value;
        _memory = Room(_options.MaxBytesInFlight);
        var room = Math.Min(_options.MaxBytesInFlight / 2, (long)BodiesOfAStranger * Math.Max(_options.MaxBodyBytes, LeastBytes));
        _strangers = Room(_options.MaxBytesInFlight / 2);
        _strangersByAddress = PartitionedRateLimiter.Create<IPAddress, IPAddress>(peer => RateLimitPartition.GetConcurrencyLimiter(peer, _ => RoomOptions(room)));
    }

    /// <summary>Waits for the source's turn and for room for the body.</summary>
    /// <param name="patience">Cancelled when the wait has been long enough.</param>
    public async Task<Admission> EnterAsync(Source source, long? contentLength, CancellationToken patience)
    {
        var line = _lines.GetOrAdd(source.Name, _ => new Line(source, _options));
        if (!line.TryQueue())
        {
            return Admission.Full;
        }

        try
        {
            var cost = CostOf(contentLength);
            return await line.WaitForRateAsync(source.Repeats, patience) is { } tooFast
                ? tooFast
                : await HoldAsync([() => line.Room.AcquireAsync(cost, patience), () => _memory.AcquireAsync(cost, patience)]);
        }
        finally
        {
            line.LeaveQueue();
        }
    }

    /// <summary>Waits for room for a signed body whose sender is not known before it is read.</summary>
    public async Task<Admission> EnterAsync(IPAddress? peer, long? contentLength, CancellationToken patience)
    {
        var cost = CostOf(contentLength);
        return await HoldAsync(
        [
            () => _strangersByAddress.AcquireAsync(peer ?? IPAddress.None, cost, patience),
            () => _strangers.AcquireAsync(cost, patience),
            () => _memory.AcquireAsync(cost, patience),
        ]);
    }

    /// <summary>Waits for the rate alone, for a request that has its room already.</summary>
    /// <returns>Null when it may go on.</returns>
    public async Task<Admission?> PaceAsync(Source source, CancellationToken patience)
    {
        var line = _lines.GetOrAdd(source.Name, _ => new Line(source, _options));
        return await line.WaitForRateAsync(source.Repeats, patience);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _strangers.Dispose();
        _strangersByAddress.Dispose();
        foreach (var line in _lines.Values)
        {
            line.Dispose();
        }
    }

    /// <summary>One after the other, so that whoever waits in his own line keeps no room that others could use.</summary>
    private static async Task<Admission> HoldAsync(IEnumerable<Func<ValueTask<RateLimitLease>>> lines)
    {
        var held = new Stack<IDisposable>();
        var entered = new Admission.Entered(held);
        try
        {
            foreach (var acquire in lines)
            {
                var lease = await acquire();
                held.Push(lease);
                if (!lease.IsAcquired)
                {
                    entered.Dispose();
                    return Admission.Full;
                }
            }

            return entered;
        }
        catch (OperationCanceledException)
        {
            entered.Dispose();
            return Admission.Full;
        }
    }

    /// <summary>Of a body that does not say its length the largest is assumed.</summary>
    private int CostOf(long? contentLength) => (int)(Math.Max(LeastBytes, Math.Min(contentLength ?? _options.MaxBodyBytes, _options.MaxBodyBytes)) / Unit);

    private static ConcurrencyLimiter Room(long bytes) => new(RoomOptions(bytes));

    private static ConcurrencyLimiterOptions RoomOptions(long bytes) => new()
    {
        PermitLimit = (int)(Math.Max(bytes, LeastBytes) / Unit),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>The line of one source.</summary>
    private sealed class Line(Source source, IngestOptions options) : IDisposable
    {
        private readonly TokenBucketRateLimiter? _rate = Bucket(source);
        private int _waiting;

        public ConcurrencyLimiter Room { get; } = IntakeGate.Room(options.MaxBytesInFlight / 2);

        public bool TryQueue()
        {
            if (Interlocked.Increment(ref _waiting) <= options.MaxWaiting)
            {
                return true;
            }

            LeaveQueue();
            return false;
        }

        public void LeaveQueue() => Interlocked.Decrement(ref _waiting);

        /// <returns>Null when the request may go on.</returns>
        public async Task<Admission?> WaitForRateAsync(bool repeats, CancellationToken patience)
        {
            if (_rate is null)
            {
                return null;
            }

            if (repeats)
            {
                using var now = _rate.AttemptAcquire();
                return now.IsAcquired ? null : new Admission.TooFast(now.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1));
            }

            try
            {
                using var lease = await _rate.AcquireAsync(1, patience);
                return lease.IsAcquired ? null : Admission.Full;
            }
            catch (OperationCanceledException)
            {
                return Admission.Full;
            }
        }

        public void Dispose()
        {
            _rate?.Dispose();
            Room.Dispose();
        }

        /// <summary>Refilled about ten times a second, or a token at a time where that is slower.</summary>
        private static TokenBucketRateLimiter? Bucket(Source source)
        {
            if (source.RatePerSecond is not { } rate)
            {
                return null;
            }

            var tokens = Math.Max(1, (int)(rate / 10));
            return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(tokens, source.Burst ?? (int)Math.Ceiling(rate * 10)),
                TokensPerPeriod = tokens,
                ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / rate),
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }
    }
}

/// <summary>Whether a request may go on.</summary>
internal abstract record Admission
{
    public static Admission Full { get; } = new Crowded();

    /// <summary>Yes; its room is given back with this.</summary>
    public sealed record Entered(Stack<IDisposable> Held) : Admission, IDisposable
    {
        public void Dispose()
        {
            while (Held.TryPop(out var lease))
            {
                lease.Dispose();
            }
        }
    }

    /// <summary>A source that repeats sends faster than it may.</summary>
    public sealed record TooFast(TimeSpan RetryAfter) : Admission
    {
        /// <summary>For <c>Retry-After</c>: whole seconds, at least one.</summary>
        public string Seconds => Math.Max(1, (long)Math.Ceiling(RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The turn did not come in time.</summary>
    public sealed record Crowded : Admission;
}
