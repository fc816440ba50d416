using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>One queue with its locks, its sessions and its readers.</summary>
internal sealed class QueueState(string name, TimeSpan lockFor, int maxDeliveries, bool sessions, QueueState? deadLetters, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Lock _sending = new();
    private readonly List<Stored> _messages = [];
    private readonly List<Reader> _readers = [];
    private readonly Dictionary<string, SessionLock> _sessionLocks = new(StringComparer.Ordinal);
    private readonly List<(AttachContext Context, DateTimeOffset Until)> _waiting = [];
    private long _lastNumber;
    private bool _pumpWanted;

    public string Name { get; } = name;

    /// <summary>All that it holds, locked or not.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Deliveries that ended with the receiver's word that they failed, or without a word in time.</summary>
    public int FailedDeliveries { get; private set; }

    /// <summary>What is there, in order.</summary>
    public IReadOnlyList<Message> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages.Select(stored => stored.Sent)];
            }
        }
    }

    public void Enqueue(Message message)
    {
        foreach (var one in Batch.Open(message))
        {
            Add(one, ScheduleOf(one));
        }

        Pump();
    }

    public long Add(Message message, DateTimeOffset? scheduledFor)
    {
        message.Properties ??= new Properties();
        if (message.Properties.GetMessageId() is null)
        {
            message.Properties.MessageId = Guid.NewGuid().ToString("N");
        }

        lock (_gate)
        {
            _messages.Add(new Stored(++_lastNumber, message, time.GetUtcNow()) { ScheduledFor = scheduledFor });
            return _lastNumber;
        }
    }

    public bool Cancel(long number)
    {
        lock (_gate)
        {
            return _messages.RemoveAll(stored => stored.Number == number && stored.ScheduledFor is not null) > 0;
        }
    }

    public void Attach(AttachContext context)
    {
        if (!sessions)
        {
            Begin(context, session: null);
            return;
        }

        var filter = (context.Attach.Source as AmqpSource)?.FilterSet;
        var asked = filter?[new Symbol("com.microsoft:session-filter")] switch { DescribedValue described => described.Value as string, var plain => plain as string };
        if (filter is null || !filter.ContainsKey(new Symbol("com.microsoft:session-filter")))
        {
            context.Complete(new Error(new Symbol(ErrorCode.NotAllowed)) { Description = "It is not possible for an entity that requires sessions to create a non-sessionful message receiver." });
        }
        else if (asked is not null)
        {
            if (!Begin(context, asked))
            {
                context.Complete(new Error(new Symbol("com.microsoft:session-cannot-be-locked")) { Description = $"The requested session '{asked}' cannot be accepted." });
            }
        }
        else
        {
            var wait = context.Attach.Properties?[new Symbol("com.microsoft:timeout")] is uint milliseconds ? milliseconds : 5000;
            lock (_gate)
            {
                _waiting.Add((context, time.GetUtcNow().AddMilliseconds(wait)));
            }

            BeginWaiting(time.GetUtcNow());
        }
    }

    /// <summary>Locks end, schedules begin, and who waits for a session gets one or is told that there is none.</summary>
    public void Tick(DateTimeOffset now)
    {
        var ended = new List<Reader>();
        lock (_gate)
        {
            foreach (var stored in _messages.ToList())
            {
                if (stored.LockedBy is { LockedUntil: { } until } && until <= now)
                {
                    stored.LockedBy = null;
                    CountFailure(stored);
                }
            }

            foreach (var (id, held) in _sessionLocks.ToList())
            {
                if (held.Until <= now)
                {
                    _sessionLocks.Remove(id);
                    ended.Add(held.Reader);
                }
            }
        }

        foreach (var reader in ended)
        {
            reader.Link.Close(TimeSpan.Zero, new Error(new Symbol("com.microsoft:session-lock-lost")) { Description = "The session lock has expired." });
        }

        BeginWaiting(now);
        Pump();
    }

    /// <summary>What a receiver says of a delivery.</summary>
    /// <returns>What it is told in return.</returns>
    public DeliveryState Settle(Delivery delivery, DeliveryState state)
    {
        DeliveryState answer = new Accepted();
        lock (_gate)
        {
            var stored = delivery.Stored;
            if (stored.LockedBy != delivery || !_messages.Contains(stored))
            {
                return new Rejected { Error = new Error(new Symbol("com.microsoft:message-lock-lost")) { Description = "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue." } };
            }

            stored.LockedBy = null;
            switch (state)
            {
                case Accepted:
                    _messages.Remove(stored);
                    break;
                case Rejected rejected:
                    DeadLetter(stored, rejected.Error?.Info?[new Symbol("DeadLetterReason")] as string, rejected.Error?.Info?[new Symbol("DeadLetterErrorDescription")] as string);
                    break;
                case Modified { UndeliverableHere: true }:
                    stored.Deferred = true;
                    break;
                case Modified:
                    CountFailure(stored);
                    answer = state;
                    break;
                default:
                    // Released: through no fault of the message.
                    answer = state;
                    break;
            }
        }

        Pump();
        return answer is Modified or Released ? new Accepted() : answer;
    }

    public Delivery? Locked(Guid token)
    {
        lock (_gate)
        {
            return _messages.Select(stored => stored.LockedBy).FirstOrDefault(delivery => delivery?.LockToken == token);
        }
    }

    /// <returns>Until when, or null where the lock is lost.</returns>
    public DateTimeOffset? Renew(Guid token)
    {
        lock (_gate)
        {
            return Locked(token) is { } delivery ? delivery.LockedUntil = time.GetUtcNow() + lockFor : null;
        }
    }

    public DateTimeOffset? RenewSession(string id)
    {
        lock (_gate)
        {
            return _sessionLocks.TryGetValue(id, out var held) ? held.Until = time.GetUtcNow() + lockFor : null;
        }
    }

    /// <summary>All locks are gone, and what they were for is handed out again; no delivery counts as failed.</summary>
    public void LoseLocks()
    {
        lock (_gate)
        {
            _messages.ForEach(stored => stored.LockedBy = null);
        }

        Pump();
    }

    /// <summary>State of a session, kept when nobody reads it.</summary>
    public Dictionary<string, byte[]?> SessionStates { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Delivery> Peek(long from, int most)
    {
        lock (_gate)
        {
            return [.. _messages.Where(stored => stored.Number >= from).Take(most).Select(stored => new Delivery(stored, Guid.Empty, lockedUntil: null, SourceOf(stored)))];
        }
    }

    public IReadOnlyList<Delivery> TakeDeferred(IEnumerable<long> numbers, bool remove)
    {
        lock (_gate)
        {
            var found = new List<Delivery>();
            foreach (var stored in _messages.Where(stored => stored.Deferred && stored.LockedBy is null && numbers.Contains(stored.Number)).ToList())
            {
                var delivery = Deliver(stored);
                found.Add(delivery);
                if (remove)
                {
                    _messages.Remove(stored);
                }
            }

            return found;
        }
    }

    /// <remarks>
    /// On a thread of its own: the library calls us with its locks held and takes them again where we send, so nothing is sent under ours.
    /// </remarks>
    internal void Pump()
    {
        if (Interlocked.Exchange(ref _pumpWanted, true) is false)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.SendAll(), this, preferLocal: false);
        }
    }

    private void SendAll()
    {
        lock (_sending)
        {
            Interlocked.Exchange(ref _pumpWanted, false);
            List<Reader> readers;
            lock (_gate)
            {
                readers = [.. _readers];
            }

            foreach (var reader in readers)
            {
                while (TakeFor(reader) is { } delivery)
                {
                    Send(reader, delivery);
                }

                reader.AnswerDrain(_gate);
            }
        }
    }

    private Delivery? TakeFor(Reader reader)
    {
        lock (_gate)
        {
            if (reader.Credit <= 0 || reader.Link.IsClosed || Next(reader.SessionId) is not { } stored)
            {
                return null;
            }

            reader.Credit--;
            var delivery = Deliver(stored);
            if (reader.Link.SettleOnSend)
            {
                _messages.Remove(stored);
            }

            return delivery;
        }
    }

    internal void Flow(Reader reader, int credit, bool drain)
    {
        lock (_gate)
        {
            reader.Credit += credit;
            reader.Drains |= drain;
        }

        Pump();
    }

    internal void End(Reader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
            if (reader.SessionId is { } id && _sessionLocks.TryGetValue(id, out var held) && held.Reader == reader)
            {
                _sessionLocks.Remove(id);
                foreach (var stored in _messages.Where(stored => stored.SessionId == id))
                {
                    stored.LockedBy = null;
                }
            }
        }
    }

    private static void Send(Reader reader, Delivery delivery)
    {
        try
        {
            reader.Link.SendMessage(delivery);
        }
        catch (AmqpException)
        {
            // The reader is gone: its locks end in their time, as the service has it.
            reader.Credit = 0;
        }
    }

    private Delivery Deliver(Stored stored)
    {
        var until = time.GetUtcNow() + lockFor;
        // A session's messages are locked with it and not one by one.
        return stored.LockedBy = new Delivery(stored, Guid.NewGuid(), sessions ? null : until, SourceOf(stored));
    }

    private Stored? Next(string? session) => _messages.FirstOrDefault(stored =>
        stored.LockedBy is null && !stored.Deferred && !(stored.ScheduledFor > time.GetUtcNow()) && (!sessions || stored.SessionId == session));

    private void CountFailure(Stored stored)
    {
        FailedDeliveries++;
        if (++stored.Failed >= maxDeliveries)
        {
            DeadLetter(stored, "MaxDeliveryCountExceeded", $"Message could not be consumed after {maxDeliveries} delivery attempts.");
        }
    }

    private void DeadLetter(Stored stored, string? reason, string? description)
    {
        _messages.Remove(stored);
        var properties = stored.Sent.ApplicationProperties ??= new ApplicationProperties();
        if (reason is not null)
        {
            properties["DeadLetterReason"] = reason;
        }

        if (description is not null)
        {
            properties["DeadLetterErrorDescription"] = description;
        }

        deadLetters!.Enqueue(stored.Sent);
    }

    private string? SourceOf(Stored stored) => deadLetters is null && stored.Sent is not null ? Name[..Name.IndexOf("/$", StringComparison.Ordinal)] : null;

    private static DateTimeOffset? ScheduleOf(Message message) =>
        message.MessageAnnotations?[new Symbol("x-opt-scheduled-enqueue-time")] is DateTime time && time > DateTimeOffset.UnixEpoch.UtcDateTime ? new DateTimeOffset(time) : null;

    private void BeginWaiting(DateTimeOffset now)
    {
        List<(AttachContext Context, DateTimeOffset Until)> waiting;
        lock (_gate)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var (context, until) in waiting)
        {
            string? free;
            lock (_gate)
            {
                free = _messages.FirstOrDefault(stored => stored.SessionId is { } id && stored.LockedBy is null && !stored.Deferred && !_sessionLocks.ContainsKey(id))?.SessionId;
            }

            if (free is not null && Begin(context, free))
            {
                continue;
            }

            if (until <= now)
            {
                context.Complete(new Error(new Symbol("com.microsoft:timeout")) { Description = "There is no session with messages." });
                continue;
            }

            lock (_gate)
            {
                _waiting.Add((context, until));
            }
        }
    }

    /// <returns>False where another reader has the session.</returns>
    private bool Begin(AttachContext context, string? session)
    {
        var reader = new Reader(this, context.Link, session);
        lock (_gate)
        {
            if (session is not null)
            {
                if (_sessionLocks.ContainsKey(session))
                {
                    return false;
                }

                var until = time.GetUtcNow() + lockFor;
                _sessionLocks[session] = new SessionLock(reader) { Until = until };
                ((AmqpSource)context.Attach.Source).FilterSet = new Map { [new Symbol("com.microsoft:session-filter")] = session };
                context.Attach.Properties ??= new Fields();
                context.Attach.Properties[new Symbol("com.microsoft:locked-until-utc")] = until.UtcTicks;
            }

            _readers.Add(reader);
        }

        context.Complete(reader, 0);
        return true;
    }

    private sealed class SessionLock(Reader reader)
    {
        public Reader Reader { get; } = reader;

        public DateTimeOffset Until { get; set; }
    }
}
