using System.Runtime.Serialization;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>A request that cannot be taken; nothing was kept. All errors at once.</summary>
[DataContract(Namespace = CustomsNamespaces.Registration)]
[XmlRoot("RegistrationFault", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record RegistrationFault
{
    /// <summary>Stable problem code.</summary>
    [DataMember(Order = 0), XmlElement(Order = 0)]
    public string Code { get; set; } = "";

    [DataMember(Order = 1), XmlElement(Order = 1)]
    public string Text { get; set; } = "";

    [DataMember(Order = 2), XmlElement("Field", Order = 2)]
    public FieldError[] Fields { get; set => field = value ?? []; } = [];
}

/// <summary>One field and what is wrong with it.</summary>
[DataContract(Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record FieldError
{
    /// <summary>Path of the field, such as <c>containers[1].number</c>.</summary>
    [DataMember(Order = 0), XmlElement(Order = 0)]
    public string Path { get; set; } = "";

    [DataMember(Order = 1), XmlElement(Order = 1)]
    public string Message { get; set; } = "";
}
