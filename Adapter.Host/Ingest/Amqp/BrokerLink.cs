using System.Collections.Concurrent;
using System.Threading.Channels;
using Adapter.Host.Brokers;
using Amqp;
using Amqp.Framing;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>One receiving link with its connection, and what it holds.</summary>
/// <remarks>
/// The library calls back on the thread that reads the connection. Nothing waits or throws there: a message goes into a channel that
/// holds as many as there is credit, and everything else happens elsewhere. Settling on the link is told to the broker and never confirmed,
/// so a settled message can come again; the journal recognises it.
/// </remarks>
internal sealed class BrokerLink : IAsyncDisposable
{
    private readonly LinkLife _life;
    private readonly ReceiverLink _link;
    private readonly Channel<BrokerMessage> _messages;
    private readonly ConcurrentDictionary<BrokerMessage, bool> _held = new();
    private readonly TimeProvider _time;

    private BrokerLink(LinkLife life, ReceiverLink link, int credit, TimeProvider time)
    {
        (_life, _link, _time) = (life, link, time);
        _messages = Channel.CreateBounded<BrokerMessage>(new BoundedChannelOptions(credit) { SingleReader = true, SingleWriter = true });
        _life.Gone.Register(() => _messages.Writer.TryComplete());
    }

    /// <inheritdoc cref="LinkLife.Gone"/>
    public CancellationToken Gone => _life.Gone;

    /// <inheritdoc cref="LinkLife.Loss"/>
    public BrokerLoss? Loss => _life.Loss;

    /// <inheritdoc cref="LinkLife.Answer"/>
    public Attach Answer => _life.Answer;

    /// <summary>Messages handed over and not settled.</summary>
    public int Held => _held.Count;

    public IEnumerable<BrokerMessage> HeldMessages => _held.Keys;

    /// <summary>How a refused message is put aside with the broker's word for it, where the broker has a way for that.</summary>
    public IPutsAside? PutsAside { get; set; }

    /// <summary>Attaches to a queue; the broker may hand over messages when this returns.</summary>
    /// <inheritdoc cref="LinkLife.AttachAsync"/>
    public static async Task<BrokerLink> AttachAsync(BrokerSession login, Attach attach, int credit, TimeProvider time, CancellationToken cancellationToken)
    {
        var (life, receiver) = await LinkLife.AttachAsync(login, (session, name, attached) => new ReceiverLink(session, name, attach, attached), time, cancellationToken);
        var link = new BrokerLink(life, receiver, credit, time);
        receiver.Start(0, link.Take);
        // New credit only when the last of it is used and settled. RabbitMQ before 4.0 adds it to what it has on the way to us, sends
        // more than was granted, and the library ends the link for that.
        receiver.SetCredit(credit, CreditMode.Auto, flowThreshold: credit);
        return link;
    }

    /// <summary>Waits for messages and takes those that are there, in order.</summary>
    /// <param name="bytes">Takes no further message when those taken are this large together.</param>
    /// <returns>At least one, or none when the link is lost.</returns>
    public async Task<IReadOnlyList<BrokerMessage>> TakeAsync(int most, long bytes, CancellationToken cancellationToken)
    {
        var taken = new List<BrokerMessage>();
        if (!await _messages.Reader.WaitToReadAsync(cancellationToken) || Loss is not null)
        {
            return taken;
        }

        for (long size = 0; taken.Count < most && size < bytes && _messages.Reader.TryRead(out var message);)
        {
            taken.Add(message);
            size += message.Body?.Length ?? 0;
        }

        return taken;
    }

    /// <summary>The message has done its work.</summary>
    /// <returns>False where the link is gone: it will come again.</returns>
    public bool Accept(BrokerMessage message) => Settle(message, _link.Accept);

    /// <summary>The message will never do its work; the broker puts it aside where that is set up.</summary>
    /// <returns>False where it will come again: the link is gone, or the message was ours no more.</returns>
    public async Task<bool> RejectAsync(BrokerMessage message, Refusal refusal, CancellationToken cancellationToken)
    {
        if (PutsAside is null)
        {
            return Settle(message, wire => _link.Reject(wire, refusal.OnTheLink));
        }

        try
        {
            var aside = await PutsAside.PutAsideAsync(message, refusal, cancellationToken);
            // The broker knows already; here it makes room for the next.
            return Settle(message, wire => _link.Reject(wire, refusal.OnTheLink)) && aside;
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested && BrokerLoss.Of(away) is { } loss)
        {
            _life.Lose(loss);
            return false;
        }
    }

    /// <summary>The message is to come again, through no fault of its own.</summary>
    /// <inheritdoc cref="Accept" path="/returns"/>
    public bool Release(BrokerMessage message) => Settle(message, _link.Release);

    /// <summary>The message has failed, and the broker is to count it.</summary>
    /// <inheritdoc cref="Accept" path="/returns"/>
    public bool Abandon(BrokerMessage message) => Settle(message, wire => _link.Modify(wire, deliveryFailed: true));

    /// <inheritdoc cref="LinkLife.Accompany"/>
    public void Accompany(Func<CancellationToken, Task> run) => _life.Accompany(run);

    /// <summary>Gives back what is held, so that others get it at once, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        foreach (var message in _held.Keys)
        {
            Release(message);
        }

        await _life.DisposeAsync();
    }

    private void Take(IReceiverLink link, Message wire)
    {
        var message = new BrokerMessage(wire, _time);
        _held[message] = true;
        if (!_messages.Writer.TryWrite(message))
        {
            _life.Lose(new BrokerLoss("too-many", "The broker handed over more messages than it had credit for.", NeedsAPerson: false));
        }
    }

    private bool Settle(BrokerMessage message, Action<Message> tell)
    {
        if (!_held.TryRemove(message, out _) || Loss is not null)
        {
            return false;
        }

        try
        {
            tell(message.Wire);
            return true;
        }
        catch (Exception gone) when (BrokerLoss.Of(gone) is { } loss)
        {
            _life.Lose(loss);
            return false;
        }
    }
}
