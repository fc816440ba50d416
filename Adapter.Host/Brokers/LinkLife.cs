using Amqp;
using Amqp.Framing;

namespace Adapter.Host.Brokers;

/// <summary>The life of one link with the connection that is made for it: from attaching to its loss, which is told once. Never used again after that.</summary>
internal sealed class LinkLife : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);

    private readonly Connection _connection;
    private readonly CancellationTokenSource _gone = new();
    private BrokerLoss? _loss;

    private LinkLife(Connection connection, Link link, Attach answer)
    {
        (_connection, Answer) = (connection, answer);
        link.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error ?? link.Session.Error ?? connection.Error)));
        connection.AddClosedCallback((_, error) => Lose(BrokerLoss.Of(error)));
    }

    /// <summary>What the broker answered to the attach.</summary>
    public Attach Answer { get; }

    /// <summary>Cancelled when the link is lost.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Why the link is lost, or null while it is there.</summary>
    public BrokerLoss? Loss => Volatile.Read(ref _loss);

    /// <summary>Attaches, and keeps the login alive from then on.</summary>
    /// <param name="login">Belongs to the link from now on, also when this fails.</param>
    /// <param name="make">Makes the link on the session, under the name that it is given.</param>
    /// <exception cref="AmqpException">The broker refused the link.</exception>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public static async Task<(LinkLife Life, TLink Link)> AttachAsync<TLink>(
        BrokerSession login, Func<Session, string, OnAttached, TLink> make, TimeProvider time, CancellationToken cancellationToken)
        where TLink : Link
    {
        var connection = login.Connection;
        var attached = new TaskCompletionSource<Attach>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A name is for one attach: a broker may still hold the one of a link that we know to be dead.
            var link = make(login.Session, $"customstransit-{Guid.NewGuid():N}", (_, answer) =>
            {
                // Without its own end the broker is about to say why it refuses. Its role is true where it receives.
                if ((answer.Role ? answer.Target : answer.Source) is not null)
                {
                    attached.TrySetResult(answer);
                }
            });
            link.AddClosedCallback((_, error) => attached.TrySetException(Refused(error ?? login.Session.Error ?? connection.Error)));
            connection.AddClosedCallback((_, error) => attached.TrySetException(Refused(error)));
            var life = new LinkLife(connection, link, await attached.Task.WaitAsync(BrokerConnector.Patience, time, cancellationToken));
            if (login.Renewal is { } renewal)
            {
                life.Accompany(renewal);
            }

            return (life, link);
        }
        catch
        {
            connection.Close(TimeSpan.Zero, null);
            throw;
        }

        static AmqpException Refused(Error? error) => new(error ?? new Error(ErrorCode.ConnectionForced) { Description = "closed while attaching" });
    }

    /// <summary>Runs something beside the link until the link is gone. What fails there ends the link.</summary>
    public void Accompany(Func<CancellationToken, Task> run) => _ = RunBesideAsync(run);

    /// <summary>Ends the link for a reason. The first reason stays.</summary>
    public void Lose(BrokerLoss loss)
    {
        if (Interlocked.CompareExchange(ref _loss, loss, null) is null)
        {
            // Not Cancel: what waits would go on on the thread that reads the connection.
            _ = _gone.CancelAsync();
        }
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
}
