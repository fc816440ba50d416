using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>One side says that the movement has left.</summary>
[XmlRoot("ConfirmDeparture", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record ConfirmDepartureRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    [XmlElement(Order = 1)]
    public Observer Observer { get; set; }

    [XmlElement(Order = 2)]
    public DateTimeOffset At { get; set; }

    /// <summary>Code of the office that it left.</summary>
    [XmlElement(Order = 3)]
    public string? Office { get; set; }

    /// <summary>What was seen of it; left out where nobody looked.</summary>
    [XmlElement(Order = 4)]
    public SeenCargo? Seen { get; set; }
}

/// <summary>One side says that the movement has arrived.</summary>
[XmlRoot("ConfirmArrival", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record ConfirmArrivalRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    [XmlElement(Order = 1)]
    public Observer Observer { get; set; }

    [XmlElement(Order = 2)]
    public DateTimeOffset At { get; set; }

    /// <summary>Code of the office that it came to.</summary>
    [XmlElement(Order = 3)]
    public string? Office { get; set; }

    /// <summary>What was seen of it; left out where nobody looked.</summary>
    [XmlElement(Order = 4)]
    public SeenCargo? Seen { get; set; }
}
