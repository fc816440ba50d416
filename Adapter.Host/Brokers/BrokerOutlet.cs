using Amqp;
using Amqp.Framing;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Brokers;

/// <summary>One sending link with its connection, from attaching to its loss. Never used again after that.</summary>
internal sealed class BrokerOutlet : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);

    private readonly Connection _connection;
    private readonly SenderLink _link;
    private readonly CancellationTokenSource _gone = new();
    private readonly TimeProvider _time;
    private BrokerLoss? _loss;

    private BrokerOutlet(Connection connection, SenderLink link, TimeProvider time)
    {
        (_connection, _link, _time) = (connection, link, time);
        link.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error ?? link.Session.Error ?? connection.Error)));
        connection.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error)));
    }

    /// <summary>Cancelled when the link is lost.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Why the link is lost, or null while it is there.</summary>
    public BrokerLoss? Loss => Volatile.Read(ref _loss);

    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    public static async Task<BrokerOutlet> OpenAsync(BrokerSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var login = await BrokerLogin.OpenAsync(settings, time, cancellationToken);
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var attach = new Attach { Source = new AmqpSource(), Target = new Target { Address = settings.Queue }, SndSettleMode = SenderSettleMode.Unsettled };
            var sender = new SenderLink(login.Session, $"customstransit-{Guid.NewGuid():N}", attach, (_, answer) =>
            {
                // Without a target the broker is about to say why it refuses.
                if (answer.Target is not null)
                {
                    attached.TrySetResult();
                }
            });
            sender.AddClosedCallback((_, error) => attached.TrySetException(Refused(error ?? login.Session.Error ?? login.Connection.Error)));
            login.Connection.AddClosedCallback((_, error) => attached.TrySetException(Refused(error)));
            await attached.Task.WaitAsync(BrokerConnector.Patience, time, cancellationToken);
            var outlet = new BrokerOutlet(login.Connection, sender, time);
            if (login.Renewal is { } renewal)
            {
                _ = outlet.RenewAsync(renewal);
            }

            return outlet;
        }
        catch
        {
            login.Connection.Close(TimeSpan.Zero, null);
            throw;
        }

        static AmqpException Refused(Error? error) => new(error ?? new Error(ErrorCode.ConnectionForced) { Description = "closed while attaching" });
    }

    /// <summary>Returns when the broker has taken the message.</summary>
    /// <exception cref="AmqpException">It did not take it, or is gone: it may have it all the same.</exception>
    /// <exception cref="TimeoutException">It did not say.</exception>
    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _link.Send(message, (_, _, outcome, _) =>
        {
            if (outcome is Accepted)
            {
                taken.TrySetResult();
            }
            else
            {
                taken.TrySetException(new AmqpException((outcome as Rejected)?.Error ?? new Error(new Symbol("customstransit:not-taken")) { Description = $"the queue answered {outcome}; it may be full" }));
            }
        }, null);
        await taken.Task.WaitAsync(BrokerConnector.Patience, _time, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
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

    private async Task RenewAsync(Func<CancellationToken, Task> renewal)
    {
        try
        {
            await renewal(Gone);
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

    private void Lose(BrokerLoss loss)
    {
        if (Interlocked.CompareExchange(ref _loss, loss, null) is null)
        {
            // Not Cancel: what waits would go on on the thread that reads the connection.
            _ = _gone.CancelAsync();
        }
    }
}
