using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>What became of one element of a request.</summary>
public abstract record ReadElement
{
    /// <param name="Identity">What the journal recognises a copy by.</param>
    /// <param name="Body">The bytes to store: those that were given, with secrets replaced by <c>***</c>. Shares the caller's memory when there were none.</param>
    /// <param name="Elided">Paths of the secrets that were replaced, such as <c>expandInfo.pwd</c>; empty when there were none.</param>
    public sealed record Read(RecordIdentity Identity, ReadOnlyMemory<byte> Body, IReadOnlyList<string> Elided) : ReadElement;

    /// <param name="Reason">For the sender and the quarantine: what is wrong and what to send instead. Holds no value of the record.</param>
    /// <param name="Body">The bytes to store, with secrets replaced as far as they can be found.</param>
    /// <param name="Elided">Paths of the secrets that were replaced.</param>
    public sealed record Unreadable(string Reason, ReadOnlyMemory<byte> Body, IReadOnlyList<string> Elided) : ReadElement;
}
