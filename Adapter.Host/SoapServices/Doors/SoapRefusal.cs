using System.Xml.Linq;

namespace Adapter.Host.SoapServices.Doors;

/// <summary>A fault: the call as such cannot be served. A business refusal is an answer and never one of these.</summary>
/// <param name="Blame">Who has to change something before the call can succeed.</param>
/// <param name="Text">For the other side's team; says nothing of our insides.</param>
/// <param name="Detail">The typed detail; null without one.</param>
internal sealed record SoapRefusal(Blame Blame, string Text, XElement? Detail = null);

internal enum Blame
{
    Sender,
    Receiver,
    VersionMismatch,
    MustUnderstand,
}
