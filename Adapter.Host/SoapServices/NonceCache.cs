namespace Adapter.Host.SoapServices;

/// <summary>Nonces of digests that were right, for as long as their time is good. Only who holds the password can add one.</summary>
internal sealed class NonceCache(TimeProvider time)
{
    /// <summary>Above this many a caller is refused instead of an older nonce being forgotten: that one could be replayed.</summary>
    public const int Most = 200_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Caller, string Nonce)> _seen = [];
    private readonly PriorityQueue<(string Caller, string Nonce), DateTimeOffset> _order = new();

    /// <returns>False where it was used before, or nothing more can be remembered.</returns>
    public bool TryUse(string caller, byte[] nonce, DateTimeOffset until)
    {
        var key = (caller, Convert.ToBase64String(nonce));
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest, out var ends) && ends < time.GetUtcNow())
            {
                _order.Dequeue();
                _seen.Remove(oldest);
            }

            if (_seen.Count >= Most || !_seen.Add(key))
            {
                return false;
            }

            _order.Enqueue(key, until);
            return true;
        }
    }
}
