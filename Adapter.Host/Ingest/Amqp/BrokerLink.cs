using System.Collections.Concurrent;
using System.Threading.Channels;
using Adapter.Host.Brokers;
using Amqp;
using Amqp.Framing;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>One receiving link with its connection, from attaching to its loss. Never used again after that.</summary>
/// <remarks>
/// The library calls back on the thread that reads the connection. Nothing waits or throws there: a message goes into a channel that
/// holds as many as there is credit, and everything else happens elsewhere. Settling is told to the broker and never confirmed, so a
/// settled message can come again; the journal recognises it.
/// </remarks>
internal sealed class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);

    private readonly Connection _connection;
    private readonly ReceiverLink _link;
    private readonly Channel<BrokerMessage> _messages;
    private readonly ConcurrentDictionary<BrokerMessage, bool> _held = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly TimeProvider _time;
    private BrokerLoss? _loss;

    private BrokerLink(Connection connection, ReceiverLink link, int credit, TimeProvider time)
    {
        (_connection, _link, _time) = (connection, link, time);
        _messages = Channel.CreateBounded<BrokerMessage>(new BoundedChannelOptions(credit) { SingleReader = true, SingleWriter = true });
        link.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error ?? link.Session.Error ?? connection.Error)));
        connection.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error)));
    }

    /// <summary>Cancelled when the link is lost.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Why the link is lost, or null while it is there.</summary>
    public BrokerLoss? Loss => Volatile.Read(ref _loss);

    /// <summary>Messages handed over and not settled.</summary>
    public int Held => _held.Count;

    public IEnumerable<BrokerMessage> HeldMessages => _held.Keys;

    /// <summary>What the broker answered to the attach.</summary>
    public Attach Answer { get; private init; } = new();

    /// <summary>Attaches to a queue; the broker may hand over messages when this returns.</summary>
    /// <param name="login">Belongs to the link from now on, also when this fails.</param>
    /// <exception cref="AmqpException">The broker refused the link.</exception>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public static async Task<BrokerLink> AttachAsync(BrokerSession login, Attach attach, int credit, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = login.Connection;
        var attached = new TaskCompletionSource<Attach>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A name is for one attach: a broker may still hold the one of a link that we know to be dead.
            var receiver = new ReceiverLink(login.Session, $"customstransit-{Guid.NewGuid():N}", attach, (_, answer) =>
            {
                // Without a source the broker is about to say why it refuses.
                if (answer.Source is not null)
                {
                    attached.TrySetResult(answer);
                }
            });
            receiver.AddClosedCallback((_, error) => attached.TrySetException(Refused(error ?? connection.Error)));
            connection.AddClosedCallback((_, error) => attached.TrySetException(Refused(error)));
            var answer = await attached.Task.WaitAsync(BrokerConnector.Patience, time, cancellationToken);
            var link = new BrokerLink(connection, receiver, credit, time) { Answer = answer };
            receiver.Start(0, link.Take);
            // New credit only when the last of it is used and settled. RabbitMQ before 4.0 adds it to what it has on the way to us, sends
            // more than was granted, and the library ends the link for that.
            receiver.SetCredit(credit, CreditMode.Auto, flowThreshold: credit);
            if (login.Renewal is { } renewal)
            {
                link.Accompany(renewal);
            }

            return link;
        }
        catch
        {
            connection.Close(TimeSpan.Zero, null);
            throw;
        }

        static AmqpException Refused(Error? error) => new(error ?? new Error(ErrorCode.ConnectionForced) { Description = "closed while attaching" });
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
    /// <inheritdoc cref="Accept" path="/returns"/>
    public bool Reject(BrokerMessage message, Error error) => Settle(message, wire => _link.Reject(wire, error));

    /// <summary>The message is to come again, through no fault of its own.</summary>
    /// <inheritdoc cref="Accept" path="/returns"/>
    public bool Release(BrokerMessage message) => Settle(message, _link.Release);

    /// <summary>The message has failed, and the broker is to count it.</summary>
    /// <inheritdoc cref="Accept" path="/returns"/>
    public bool Abandon(BrokerMessage message) => Settle(message, wire => _link.Modify(wire, deliveryFailed: true));

    /// <summary>Runs something beside the link until the link is gone. What fails there ends the link.</summary>
    public void Accompany(Func<CancellationToken, Task> run) => _ = RunBesideAsync(run);

    /// <summary>Gives back what is held, so that others get it at once, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        foreach (var message in _held.Keys)
        {
            Release(message);
        }

        var lost = Loss is not null;
        Lose(BrokerLoss.ClosedQuietly);
        try
        {
            if (lost)
            {
                _connection.Close(TimeSpan.Zero, null);
            }
            else
            {
                await _connection.CloseAsync(ClosePatience, null);
            }
        }
        catch (Exception alreadyGone) when (BrokerLoss.Of(alreadyGone) is not null)
        {
            // Closing was all that was left to do.
        }
    }

    private async Task RunBesideAsync(Func<CancellationToken, Task> run)
    {
        try
        {
            await run(Gone);
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The link went first.
        }
        catch (Exception failed)
        {
            Lose(BrokerLoss.Of(failed) ?? new BrokerLoss("fault", $"A fault of this program beside the link: {failed.Message}", NeedsAPerson: true));
        }
    }

    private void Take(IReceiverLink link, Message wire)
    {
        var message = new BrokerMessage(wire, _time.GetUtcNow());
        _held[message] = true;
        if (!_messages.Writer.TryWrite(message))
        {
            Lose(new BrokerLoss("too-many", "The broker handed over more messages than it had credit for.", NeedsAPerson: false));
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
            Lose(loss);
            return false;
        }
    }

    private void Lose(BrokerLoss loss)
    {
        if (Interlocked.CompareExchange(ref _loss, loss, null) is not null)
        {
            return;
        }

        _messages.Writer.TryComplete();
        // Not Cancel: what waits would go on on the thread that reads the connection.
        _ = _gone.CancelAsync();
    }
}
