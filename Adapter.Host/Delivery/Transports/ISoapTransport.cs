using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Puts one message on the wire once and says what is known afterwards.</summary>
internal interface ISoapTransport
{
    /// <summary>Sends the call at most once; nothing below this line repeats it.</summary>
    /// <returns>
    /// What was seen, for every way in which an attempt can end. Cancellation also returns evidence instead of throwing: a host that
    /// stops must be able to record that a request had not left, or else a person has to find out.
    /// </returns>
    /// <exception cref="FormatException">The frozen body is not one XML element; no attempt can ever succeed.</exception>
    Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken);
}

/// <summary>One request: a notification or an inquiry.</summary>
/// <param name="To">The receiver as it is set up now; the message's own version and action may be older and stand beside it.</param>
/// <param name="Action">SOAP action; may be empty.</param>
/// <param name="Body">The only child of the SOAP body as UTF-8 XML. The same bytes give the same body, byte for byte.</param>
/// <param name="MessageId">32 hex digits, the same at every attempt with one message.</param>
internal sealed record SoapCall(Destination To, SoapVersion Version, string Action, ReadOnlyMemory<byte> Body, string MessageId)
{
    /// <summary>The receiver's own message that this answers, by its <c>wsa:MessageID</c>; null where it answers none.</summary>
    public string? RelatesTo { get; init; }

    /// <summary>Name of the destination, for texts.</summary>
    public string Destination => To.Name;

    public Uri Endpoint => To.Endpoint ?? throw new InvalidOperationException($"{To.Name} fetches its messages and cannot be called.");

    /// <summary>Bound for name resolution, TCP and TLS together.</summary>
    public TimeSpan ConnectTimeout => To.ConnectTimeout;

    /// <summary>Bound for the whole attempt, the answer read to its end.</summary>
    public TimeSpan Timeout => To.AttemptTimeout;
}
