using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Turns what was seen on the wire into evidence with a sentence that an operator can act on.</summary>
internal static class Evidence
{
    public static AttemptEvidence Of(Exchange exchange, SoapCall call, bool timedOut, bool stopped, TimeSpan elapsed)
    {
        var complete = exchange is { Failure: null, ReplyTooLong: false };
        var reading = complete ? AnswerReader.Read(exchange.Reply, exchange.Charset) : new AnswerReading(null, null, null);
        if (call.To.Addressing && reading.RelatesTo is { } relation && !relation.Equals(EnvelopeHeaders.IdOf(call), StringComparison.OrdinalIgnoreCase))
        {
            // Whoever mixes up answers has said nothing about this message, whatever the body says.
            reading = new AnswerReading(null, null, $"by its RelatesTo header it answers {Shorten(relation)}, not this message");
        }

        return new AttemptEvidence(
            exchange.Status,
            Inner<SocketException>(exchange.Failure)?.SocketErrorCode,
            reading.Fault,
            reading.Answer,
            exchange.RequestLeft,
            exchange.RetryAfter,
            exchange.Reply,
            exchange.Failure is { } failure ? Explain(failure, exchange, call, timedOut, stopped) : Explain(reading, exchange, call),
            elapsed)
        {
            SaysNothing = complete && exchange is { Status: not null, Reply.IsEmpty: true },
        };
    }

    private static string Explain(Exception failure, Exchange exchange, SoapCall call, bool timedOut, bool stopped)
    {
        var peer = $"{call.Destination} ({call.Endpoint.Authority})";
        var mayHaveActed = exchange.Status is { } status
            ? string.Create(CultureInfo.InvariantCulture, $" It had begun to answer with HTTP {status} ({exchange.Reply.Length} bytes came), so it may have acted on the message.")
            : " The message had been sent, so it may have acted on it.";
        if (exchange.RequestLeft)
        {
            return true switch
            {
                _ when stopped => $"The adapter was stopped while waiting for the answer of {peer}.{mayHaveActed}",
                _ when timedOut => $"{peer} did not answer within {Seconds(call.Timeout)}.{mayHaveActed}",
                _ => $"The connection to {peer} broke before the answer was complete ({Root(failure)}).{mayHaveActed}",
            };
        }
        // Before the credentials: what fails in a handshake may be a cryptographic error at its root.
        if (Inner<AuthenticationException>(failure) is { } tls)
        {
            return $"TLS with {peer} failed, nothing was sent: {tls.GetBaseException().Message.TrimEnd('.')}. Check the receiver's certificate, its TLS version (1.2 at least) and the authorities that this machine trusts.";
        }
        if (Inner<System.Security.Cryptography.CryptographicException>(failure) is { } secret)
        {
            return $"Nothing was sent to {peer}: its credentials cannot be used. {secret.Message}";
        }
        if (Inner<OutboundRefusedException>(failure) is { } refused)
        {
            return refused.Message;
        }
        if (stopped)
        {
            return $"The adapter was stopped before the message for {peer} was sent.";
        }
        if (Inner<SocketException>(failure) is { } socket)
        {
            return socket.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.NoData => $"The name {call.Endpoint.Host} of {peer} is not known. Check the endpoint's spelling and the DNS server.",
                SocketError.TryAgain or SocketError.NoRecovery => $"The DNS server did not answer for {call.Endpoint.Host} of {peer}. Check this machine's network.",
                SocketError.ConnectionRefused => $"{peer} refuses connections. Nothing was sent. Check that the system is running and the port is right.",
                _ => $"No connection to {peer}: {socket.SocketErrorCode}. Nothing was sent. Check the system, the network and the firewall.",
            };
        }
        return timedOut || failure is OperationCanceledException
            ? $"No connection to {peer} within {Seconds(timedOut ? call.Timeout : call.ConnectTimeout)}. Nothing was sent. Check the system, the network and the firewall."
            : $"No connection to {peer}, nothing was sent: {Root(failure)}.";
    }

    private static string Explain(AnswerReading reading, Exchange exchange, SoapCall call)
    {
        var answered = string.Create(CultureInfo.InvariantCulture, $"{call.Destination} ({call.Endpoint.Authority}) answered HTTP {exchange.Status}");
        return true switch
        {
            _ when exchange.Location is { } location && exchange.Status is >= 300 and < 400 =>
                $"{answered}, pointing to {Place(location)}. Redirects are not followed; if that is the receiver's new address, change the endpoint.",
            _ when exchange.ReplyTooLong => string.Create(CultureInfo.InvariantCulture, $"{answered} with more than {Exchange.ReplyCap} bytes, which is no receipt."),
            _ when reading.Fault is { } fault => $"{answered} with SOAP fault {fault.Code}: {Shorten(fault.Reason)}",
            _ when reading.Answer is not null => $"{answered} with a SOAP message.",
            _ when !string.IsNullOrEmpty(exchange.ContentEncoding) =>
                $"{answered}, encoded as {exchange.ContentEncoding}, which the adapter had not asked for and does not read.",
            _ => $"{answered} ({exchange.MediaType ?? "no content type"}), but the answer cannot be read: {reading.Problem}.",
        };
    }

    /// <summary>The outermost exception of a kind in a chain.</summary>
    internal static T? Inner<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }
        return null;
    }

    private static string Root(Exception exception)
    {
        var root = exception.GetBaseException();
        return root is SocketException socket ? socket.SocketErrorCode.ToString() : root.Message.TrimEnd('.');
    }

    /// <summary>Without query and user: they may carry secrets.</summary>
    private static string Place(Uri location) => location.IsAbsoluteUri ? $"{location.Scheme}://{location.Authority}{location.AbsolutePath}" : location.OriginalString.Split('?')[0];

    private static string Shorten(string text) => text.Length > 300 ? text[..300] + "…" : text;

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");
}
