using System.Security.Cryptography;
using System.Xml;

namespace Adapter.Host.Delivery.Transports;

/// <summary>What every transport does around its own sending: secrets, clock, evidence.</summary>
internal static class WireAttempt
{
    public static async Task<AttemptEvidence> RunAsync(
        SoapCall call, OutboundSecrets secrets, TimeProvider time, Func<CallSecrets, Exchange, Task> sendAsync, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(call.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var exchange = new Exchange(stop.Token);
        var started = time.GetTimestamp();
        try
        {
            var wire = CallSecrets.Of(call.To, secrets);
            (exchange.Headers, exchange.UnquotedAction) = (wire.Headers, call.To.UnquotedAction);
            await sendAsync(wire, exchange);
            exchange.Reply = wire.Elide(exchange.Reply);
        }
        catch (CryptographicException missing) when (!exchange.RequestLeft)
        {
            // A password or certificate that cannot be had: nothing was sent, and the message waits for the remedy.
            exchange.Failure = missing;
        }

        if (!exchange.RequestLeft && Evidence.Inner<XmlException>(exchange.Failure) is { } malformed)
        {
            throw new FormatException($"The frozen message for {call.Destination} is not one XML element: {malformed.Message} Map it again.", malformed);
        }

        return Evidence.Of(exchange, call, timedOut: timeout.IsCancellationRequested, stopped: cancellationToken.IsCancellationRequested, time.GetElapsedTime(started));
    }
}
