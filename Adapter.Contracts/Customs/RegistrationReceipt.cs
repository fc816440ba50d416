using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>What became of a request.</summary>
[XmlRoot("RegistrationReceipt", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record RegistrationReceipt
{
    /// <summary>Our number of the request: by it the result can be asked for later.</summary>
    [XmlElement(Order = 0)]
    public long Entry { get; set; }

    /// <summary>False where the request does not fit what is known; <see cref="Code"/> says why.</summary>
    [XmlElement(Order = 1)]
    public bool Accepted { get; set; }

    /// <summary>True where the request is on disk and its effect is still to come.</summary>
    [XmlElement(Order = 2)]
    public bool Pending { get; set; }

    /// <summary><c>ok</c>, <c>pending</c>, or a stable problem code.</summary>
    [XmlElement(Order = 3)]
    public string Code { get; set; } = "";

    [XmlElement(Order = 4)]
    public string Text { get; set; } = "";
}
