using System.Net.Sockets;
using System.Xml.Linq;

namespace Adapter.Host.Delivery.Transports;

/// <summary>What is known after one attempt. Facts only; what follows from them is decided by a policy.</summary>
/// <param name="HttpStatus">Status of the answer, also when the rest of the answer was cut.</param>
/// <param name="Socket">The socket error at the root of a failure; null for failures that are none (timeout, TLS trust, allow-list).</param>
/// <param name="Fault">The SOAP fault in the answer, whatever the HTTP status.</param>
/// <param name="Answer">The first element of the answer's SOAP body, in its envelope; null without a readable one.</param>
/// <param name="RequestLeft">
/// False only when it is certain that no byte of the body was handed to a connection. In doubt it is true.
/// </param>
/// <param name="RetryAfter">What the receiver asked for, as a wait from now.</param>
/// <param name="Reply">The bytes back as they came, as far as they came, up to <see cref="Exchange.ReplyCap"/>.</param>
/// <param name="Detail">What happened, in a sentence for the operator. Holds no part of the request.</param>
internal sealed record AttemptEvidence(
    int? HttpStatus, SocketError? Socket, SoapFault? Fault, XElement? Answer, bool RequestLeft,
    TimeSpan? RetryAfter, ReadOnlyMemory<byte> Reply, string Detail, TimeSpan Elapsed)
{
    /// <summary>The answer came whole and has no body.</summary>
    public bool SaysNothing { get; init; }
}

/// <summary>A SOAP fault of either version.</summary>
/// <param name="Code">Local name of the fault code: Client or Sender, Server or Receiver, or a code of the peer's own.</param>
/// <param name="Reason">The peer's words; may be empty.</param>
/// <param name="Detail">Beginning of the detail element as XML; null without one.</param>
internal sealed record SoapFault(string Code, string Reason, string? Detail);
