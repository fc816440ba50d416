using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Brokers;

/// <summary>Gives the broker a token at the start and a new one long before it ends, while messages go on.</summary>
internal sealed class TokenKeeper(RequestLink cbs, ServiceBusConnection settings, IReadOnlyList<string> audiences, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>The part of a token's life after which it is renewed; the rest is for clocks that differ and tries that fail.</summary>
    private const double RenewAt = 0.75;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    /// <returns>When the tokens end, or null for one that does not say so.</returns>
    /// <exception cref="AmqpException">The broker does not take them.</exception>
    public async Task<DateTimeOffset?> PutAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? expires = settings.Signature is { } ready ? SharedAccessToken.ExpiryOf(ready) : time.GetUtcNow() + lifetime;
        foreach (var audience in audiences)
        {
            var token = settings.Signature ?? SharedAccessToken.Create(audience, settings.KeyName!, settings.Key!, expires!.Value);
            var request = new Message { BodySection = new AmqpValue { Value = token }, ApplicationProperties = new ApplicationProperties() };
            request.ApplicationProperties["operation"] = "put-token";
            request.ApplicationProperties["type"] = SharedAccessToken.Type;
            request.ApplicationProperties["name"] = audience;
            if (expires is { } end)
            {
                request.ApplicationProperties["expiration"] = end.UtcDateTime;
            }

            await cbs.AskAsync(request, cancellationToken);
        }

        return expires;
    }

    /// <summary>Renews until the link is gone. Ends where there is nothing to renew: a ready-made token ends when it ends, and the broker closes the link then.</summary>
    /// <exception cref="AmqpException">The tokens have ended and could not be renewed.</exception>
    public async Task RunAsync(DateTimeOffset? expires, CancellationToken gone)
    {
        while (settings.Key is not null && expires is { } end)
        {
            var left = end - time.GetUtcNow();
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (long)(left.Ticks * RenewAt))), time, gone);
            expires = await RenewAsync(end, gone);
        }
    }

    private async Task<DateTimeOffset?> RenewAsync(DateTimeOffset end, CancellationToken gone)
    {
        while (true)
        {
            try
            {
                return await PutAsync(gone);
            }
            catch (Exception refused) when (refused is AmqpException or TimeoutException)
            {
                if (time.GetUtcNow() >= end)
                {
                    throw new AmqpException(new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = $"the token has ended and could not be renewed: {refused.Message}" });
                }
            }

            await Task.Delay(AgainAfter, time, gone);
        }
    }
}
