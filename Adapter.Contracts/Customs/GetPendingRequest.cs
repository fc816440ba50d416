using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Asks for what waits.</summary>
[XmlRoot("GetPending", Namespace = CustomsNamespaces.Notifications)]
[XmlType(Namespace = CustomsNamespaces.Notifications)]
public sealed record GetPendingRequest
{
    /// <summary>Whose messages; needed where the caller fetches for several.</summary>
    [XmlElement(Order = 0)]
    public string? Receiver { get; set; }

    /// <summary>1 to 100.</summary>
    [XmlElement(Order = 1)]
    public int Most { get; set; } = 10;

    /// <summary>How long the call may last when nothing waits, 0 to 60.</summary>
    [XmlElement(Order = 2)]
    public int WaitSeconds { get; set; }
}
