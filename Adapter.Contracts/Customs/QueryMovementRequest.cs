using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Asks what is known of one movement.</summary>
[XmlRoot("QueryMovement", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record QueryMovementRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";
}
