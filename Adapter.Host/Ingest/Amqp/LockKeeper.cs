namespace Adapter.Host.Ingest.Amqp;

/// <summary>Renews the locks of what is held and the lock of the session, so that a slow store does not use up a message's deliveries.</summary>
internal sealed class LockKeeper(ServiceBusManagement management, BrokerLink link, TimeProvider time)
{
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Period = MessageLock.RenewAfter / 2;

    /// <summary>Runs until the link is gone.</summary>
    /// <exception cref="global::Amqp.AmqpException">The session's lock is lost, and with it the link.</exception>
    public async Task RunAsync(CancellationToken gone)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(gone))
        {
            try
            {
                await RenewDueAsync(gone);
            }
            catch (TimeoutException)
            {
                // Due still, so asked for again at the next turn.
            }
        }
    }

    private async Task RenewDueAsync(CancellationToken gone)
    {
        if (management.SessionId is not null)
        {
            await management.RenewSessionAsync(gone);
            return;
        }

        foreach (var due in link.HeldMessages.Where(message => message.Lock.IsDue).Chunk(MostAtOnce))
        {
            await RenewAsync(due, gone);
        }
    }

    private async Task RenewAsync(BrokerMessage[] due, CancellationToken gone)
    {
        if (await management.RenewAsync(Array.ConvertAll(due, message => message.Lock.Token), gone))
        {
            Array.ForEach(due, message => message.Lock.Renewed());
            return;
        }

        if (due is [var lost])
        {
            lost.Lock.Lost();
            return;
        }

        // One of many: who it is shows when they are asked for one by one. A lost one comes again and is recognised.
        foreach (var message in due)
        {
            await RenewAsync([message], gone);
        }
    }
}
