using Adapter.Host.Brokers;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Renews the locks of what is held and the lock of the session, so that a slow store does not use up a message's deliveries.</summary>
internal sealed class LockKeeper(RequestLink management, BrokerLink link, string? sessionId, TimeProvider time)
{
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private DateTimeOffset _sessionRenewedAt = time.GetUtcNow();
    private TimeSpan _sessionLock = TimeSpan.FromSeconds(10);

    /// <summary>Runs until the link is gone.</summary>
    /// <exception cref="AmqpException">The session's lock is lost, and with it the link.</exception>
    public async Task RunAsync(CancellationToken gone)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(gone))
        {
            var now = time.GetUtcNow();
            if (sessionId is not null)
            {
                await RenewSessionAsync(now, gone);
                continue;
            }

            foreach (var due in link.HeldMessages.Where(message => message.Lock.IsDue(now)).Chunk(MostAtOnce))
            {
                await RenewAsync(due, gone);
            }
        }
    }

    private async Task RenewAsync(BrokerMessage[] due, CancellationToken gone)
    {
        try
        {
            var answer = await management.AskAsync(Request("com.microsoft:renew-lock", new Map { ["lock-tokens"] = Array.ConvertAll(due, message => message.Lock.Token) }), gone);
            var expirations = (answer.Body as Map)?["expirations"] as DateTime[] ?? [];
            foreach (var (message, until) in due.Zip(expirations))
            {
                message.Lock.Renewed(time.GetUtcNow(), until);
            }
        }
        catch (AmqpException lost) when (lost.Error.Condition?.ToString() is "com.microsoft:message-lock-lost" or ErrorCode.NotFound)
        {
            // One of many: who it is shows when they are asked for one by one. A lost one comes again and is recognised.
            foreach (var message in due)
            {
                if (due.Length == 1)
                {
                    message.Lock.Lost();
                }
                else
                {
                    await RenewAsync([message], gone);
                }
            }
        }
        catch (TimeoutException)
        {
            // Due still, so asked for again at the next turn.
        }
    }

    private async Task RenewSessionAsync(DateTimeOffset now, CancellationToken gone)
    {
        if (now - _sessionRenewedAt < _sessionLock / 2)
        {
            return;
        }

        var answer = await management.AskAsync(Request("com.microsoft:renew-session-lock", new Map { ["session-id"] = sessionId }), gone);
        _sessionRenewedAt = now;
        if ((answer.Body as Map)?["expiration"] is DateTime until)
        {
            _sessionLock = new DateTimeOffset(until) - now;
        }
    }

    private static Message Request(string operation, Map body)
    {
        var request = new Message { BodySection = new AmqpValue { Value = body }, ApplicationProperties = new ApplicationProperties() };
        request.ApplicationProperties["operation"] = operation;
        return request;
    }
}
