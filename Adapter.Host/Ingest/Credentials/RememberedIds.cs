using System.Security.Cryptography;

namespace Adapter.Host.Ingest.Credentials;

/// <summary>The ids of signed requests for as long as their time stamps are good, each with the hash of its body.</summary>
/// <remarks>
/// In memory and bounded: after a restart, or when more ids than fit come within the window, a repeat is recognised by its records in
/// the journal instead. What is lost then is only the refusal of an id that comes with another, validly signed body.
/// </remarks>
internal sealed class RememberedIds(int most, TimeProvider time)
{
    /// <summary>Some 160 requests a second for ten minutes; about 30 MB.</summary>
    public const int Most = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Source, string Id), Entry> _entries = [];
    private readonly Queue<((string Source, string Id) Key, DateTimeOffset Until)> _order = new();

    /// <summary>Binds the id to this body, if it is not bound yet.</summary>
    /// <param name="until">When a repeat would be refused by its time stamp anyway.</param>
    public Recollection See(string source, string id, ReadOnlySpan<byte> body, DateTimeOffset until)
    {
        var hash = SHA256.HashData(body);
        var key = (source, id);
        lock (_gate)
        {
            Forget();
            if (_entries.TryGetValue(key, out var known))
            {
                return known.Hash.AsSpan().SequenceEqual(hash) ? new Recollection.Repeat(known.Records) : Recollection.OtherBody;
            }

            _entries.Add(key, new Entry(hash));
            _order.Enqueue((key, until));
            return Recollection.First;
        }
    }

    /// <summary>Notes that the request is on disk with this many records.</summary>
    public void Stored(string source, string id, int records)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((source, id), out var entry))
            {
                entry.Records = records;
            }
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        while (_order.TryPeek(out var oldest) && (oldest.Until < now || _order.Count >= most))
        {
            _order.Dequeue();
            _entries.Remove(oldest.Key);
        }
    }

    private sealed class Entry(byte[] hash)
    {
        public byte[] Hash { get; } = hash;

        public int? Records { get; set; }
    }
}

/// <summary>What is remembered of a signed request's id.</summary>
internal abstract record Recollection
{
    public static Recollection First { get; } = new Unknown();

    public static Recollection OtherBody { get; } = new Reused();

    /// <summary>Never seen.</summary>
    public sealed record Unknown : Recollection;

    /// <summary>Seen with these very bytes.</summary>
    /// <param name="Records">How many records are on disk since; null where the first request has not got that far.</param>
    public sealed record Repeat(int? Records) : Recollection;

    /// <summary>Seen with other bytes.</summary>
    public sealed record Reused : Recollection;
}
