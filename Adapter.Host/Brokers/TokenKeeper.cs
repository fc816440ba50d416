using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Brokers;

/// <summary>Gives the broker a token at the start and a new one long before it ends, while messages go on.</summary>
internal sealed class TokenKeeper(RequestLink cbs, ITokenSource tokens, IReadOnlyList<string> audiences, TimeProvider time)
{
    /// <summary>The part of a token's life after which it is renewed; the rest is for clocks that differ and tries that fail.</summary>
    private const double RenewAt = 0.75;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    /// <returns>When the first of the tokens ends, or null for one that does not say so.</returns>
    /// <exception cref="AmqpException">The broker does not take them, or there are none.</exception>
    public async Task<DateTimeOffset?> PutAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? expires = null;
        foreach (var audience in audiences)
        {
            var token = await tokens.GetAsync(audience, cancellationToken);
            await PutAsync(audience, token, cancellationToken);
            expires ??= token.Expires;
        }

        return expires;
    }

    /// <summary>Renews until the link is gone. Ends where there is nothing to renew.</summary>
    /// <exception cref="AmqpException">The tokens have ended and could not be renewed.</exception>
    public async Task RunAsync(DateTimeOffset? expires, CancellationToken gone)
    {
        while (tokens.Renews && expires is { } end)
        {
            var left = end - time.GetUtcNow();
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (long)(left.Ticks * RenewAt))), time, gone);
            expires = await RenewAsync(end, gone);
        }
    }

    private async Task PutAsync(string audience, BrokerToken token, CancellationToken cancellationToken)
    {
        var request = new Message { BodySection = new AmqpValue { Value = token.Text }, ApplicationProperties = new ApplicationProperties() };
        request.ApplicationProperties["operation"] = "put-token";
        request.ApplicationProperties["type"] = token.Type;
        request.ApplicationProperties["name"] = audience;
        if (token.Expires is { } end)
        {
            request.ApplicationProperties["expiration"] = end.UtcDateTime;
        }

        try
        {
            await cbs.AskAsync(request, cancellationToken);
        }
        catch (AmqpException refused) when (refused.Error.Condition?.ToString() == ErrorCode.UnauthorizedAccess)
        {
            // A clock that goes wrong makes good keys into bad tokens, and the broker's words do not say so.
            throw new AmqpException(new Error(refused.Error.Condition)
            {
                Description = string.Create(CultureInfo.InvariantCulture, $"{refused.Error.Description} See the key and its policy, and this machine's clock: it says {time.GetUtcNow():u}."),
            });
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
            catch (Exception failed) when (!gone.IsCancellationRequested && BrokerLoss.Of(failed) is { } loss)
            {
                if (time.GetUtcNow() >= end)
                {
                    throw new AmqpException(new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = $"the token has ended and could not be renewed: {loss.Detail}" });
                }
            }

            await Task.Delay(AgainAfter, time, gone);
        }
    }
}
