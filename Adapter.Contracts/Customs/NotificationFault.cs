using System.Runtime.Serialization;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>A call that cannot be served; nothing was handed out or taken.</summary>
[DataContract(Namespace = CustomsNamespaces.Notifications)]
[XmlRoot("NotificationFault", Namespace = CustomsNamespaces.Notifications)]
[XmlType(Namespace = CustomsNamespaces.Notifications)]
public sealed record NotificationFault
{
    /// <summary>Stable problem code.</summary>
    [DataMember(Order = 0), XmlElement(Order = 0)]
    public string Code { get; set; } = "";

    [DataMember(Order = 1), XmlElement(Order = 1)]
    public string Text { get; set; } = "";
}
