namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Why a request gets no answer of its own.</summary>
internal sealed record SoapFault(SoapFaultKind Kind, string Text);

internal enum SoapFaultKind
{
    VersionMismatch,
    /// <summary>The message is wrong: Client in SOAP 1.1, Sender in 1.2.</summary>
    Sender,
    /// <summary>The receiver failed: Server in SOAP 1.1, Receiver in 1.2.</summary>
    Receiver,
}
