using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Ends a movement; its locks are free. What is heard of it later does not open it again.</summary>
[XmlRoot("CloseMovement", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record CloseMovementRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    /// <summary>1 to 500 characters.</summary>
    [XmlElement(Order = 1)]
    public string Reason { get; set; } = "";
}
