using System.Xml.Serialization;
using Adapter.Contracts.Transit;

namespace Adapter.Contracts.Customs;

/// <summary>One transit movement under e-lock.</summary>
[XmlRoot("RegisterMovement", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record RegisterMovementRequest
{
    /// <summary>The caller's own reference, 1 to 35 characters; all that follows names the movement by it.</summary>
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    [XmlElement(Order = 1)]
    public Regime Regime { get; set; }

    [XmlElement(Order = 2)]
    public string? Mrn { get; set; }

    [XmlElement(Order = 3)]
    public string? ManifestNumber { get; set; }

    [XmlElement(Order = 4)]
    public CarrierItem? Carrier { get; set; }

    [XmlElement(Order = 5)]
    public VehicleItem? Vehicle { get; set; }

    /// <summary>The transportation system's reference to the driver, never a name.</summary>
    [XmlElement(Order = 6)]
    public string? DriverReference { get; set; }

    [XmlElement("Container", Order = 7)]
    public ContainerItem[] Containers { get; set => field = value ?? []; } = [];

    [XmlElement("Lock", Order = 8)]
    public LockItem[] Locks { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 9)]
    public OfficeItem? Departure { get; set; }

    [XmlElement("TransitOffice", Order = 10)]
    public OfficeItem[] Transit { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 11)]
    public OfficeItem? Destination { get; set; }

    [XmlElement(Order = 12)]
    public DateTimeOffset? TimeLimit { get; set; }

    /// <summary>From when the goods may leave; left out for any time.</summary>
    [XmlElement(Order = 13)]
    public DateTimeOffset? DepartureFrom { get; set; }

    /// <summary>Until when the goods may leave; left out for any time.</summary>
    [XmlElement(Order = 14)]
    public DateTimeOffset? DepartureUntil { get; set; }

    /// <summary>Planned way and stops; left out where none are planned.</summary>
    [XmlElement(Order = 15)]
    public RouteItem? Route { get; set; }

    public bool ShouldSerializeTimeLimit() => TimeLimit is not null;

    public bool ShouldSerializeDepartureFrom() => DepartureFrom is not null;

    public bool ShouldSerializeDepartureUntil() => DepartureUntil is not null;
}
