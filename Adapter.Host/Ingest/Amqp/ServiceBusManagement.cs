using Adapter.Host.Brokers;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>What the <c>$management</c> of a queue does with what we hold of it. Every answer is the service's word, unlike what is settled on a link.</summary>
/// <param name="sessionId">The session that is read, or null.</param>
internal sealed class ServiceBusManagement(RequestLink requests, string? sessionId) : IPutsAside
{
    /// <summary>The session whose lock is to be renewed, or null.</summary>
    public string? SessionId => sessionId;

    /// <returns>False where at least one of them is ours no more; none of them is renewed then.</returns>
    public async Task<bool> RenewAsync(Guid[] tokens, CancellationToken cancellationToken) =>
        await AskAsync("com.microsoft:renew-lock", new Map { ["lock-tokens"] = tokens }, cancellationToken);

    /// <exception cref="AmqpException">The session's lock is lost.</exception>
    public Task RenewSessionAsync(CancellationToken cancellationToken) =>
        requests.AskAsync(Request("com.microsoft:renew-session-lock", new Map { ["session-id"] = sessionId }), cancellationToken);

    /// <summary>Makes it a dead letter.</summary>
    public async Task<bool> PutAsideAsync(BrokerMessage message, Refusal refusal, CancellationToken cancellationToken)
    {
        var body = new Map
        {
            ["lock-tokens"] = new[] { message.Lock.Token },
            ["disposition-status"] = "suspended",
            ["deadletter-reason"] = refusal.Reason,
            ["deadletter-description"] = refusal.Description,
        };
        if (sessionId is not null)
        {
            body["session-id"] = sessionId;
        }

        return await AskAsync("com.microsoft:update-disposition", body, cancellationToken);
    }

    private async Task<bool> AskAsync(string operation, Map body, CancellationToken cancellationToken)
    {
        try
        {
            await requests.AskAsync(Request(operation, body), cancellationToken);
            return true;
        }
        catch (AmqpException lost) when (lost.Error.Condition?.ToString() is "com.microsoft:message-lock-lost" or ErrorCode.NotFound)
        {
            return false;
        }
    }

    private static Message Request(string operation, Map body)
    {
        var request = new Message { BodySection = new AmqpValue { Value = body }, ApplicationProperties = new ApplicationProperties() };
        request.ApplicationProperties["operation"] = operation;
        return request;
    }
}
