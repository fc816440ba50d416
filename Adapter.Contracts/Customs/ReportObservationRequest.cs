using System.Text.Json.Serialization;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Goods flow: what a gate, a weighbridge or an officer saw of a movement.</summary>
[XmlRoot("ReportObservation", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record ReportObservationRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    [XmlElement(Order = 1)]
    public Observer Observer { get; set; }

    /// <summary>When it was seen.</summary>
    [XmlElement(Order = 2)]
    public DateTimeOffset At { get; set; }

    /// <summary>Code of the office at which, or near which, it was seen.</summary>
    [XmlElement(Order = 3)]
    public string? Office { get; set; }

    [XmlElement(Order = 4)]
    public Occasion Occasion { get; set; }

    [XmlElement(Order = 5)]
    public SeenCargo Seen { get; set; } = new();

    /// <summary>At most 500 characters.</summary>
    [XmlElement(Order = 6)]
    public string? Remark { get; set; }

    /// <summary>Whether an examination found the goods as declared; left out where that is not said.</summary>
    [XmlElement(Order = 7)]
    public bool? Conform { get; set; }

    public bool ShouldSerializeConform() => Conform is not null;
}

/// <summary>Who saw or says it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Observer>))]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public enum Observer
{
    Office,
    Gate,
    Weighbridge,
    Officer,
    TransportationSystem,
}

[JsonConverter(typeof(JsonStringEnumConverter<Occasion>))]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public enum Occasion
{
    EnRoute,
    Departure,
    Border,
    Arrival,

    /// <summary>Customs looked into it: what was found is a result of control, and is told to receivers.</summary>
    Examination,

    /// <summary>The means of transport had an accident, or its goods are in danger.</summary>
    Accident,
}

/// <summary>What was seen; what is left out was not looked at.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record SeenCargo
{
    [XmlElement(Order = 0)]
    public string? VehiclePlate { get; set; }

    /// <summary>Containers seen with what was seen of each; the list is complete where it is not empty.</summary>
    [XmlElement("Container", Order = 1)]
    public SeenContainer[] Containers { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 2)]
    public int? PackageCount { get; set; }

    /// <summary>Gross mass of the goods, or of vehicle and goods where a weighbridge has no tare, in kilograms.</summary>
    [XmlElement(Order = 3)]
    public decimal? GrossMassKg { get; set; }

    public bool ShouldSerializePackageCount() => PackageCount is not null;

    public bool ShouldSerializeGrossMassKg() => GrossMassKg is not null;
}

[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record SeenContainer
{
    [XmlElement(Order = 0)]
    public string Number { get; set; } = "";

    /// <summary>Seals on it; complete where it is not empty.</summary>
    [XmlElement("Seal", Order = 1)]
    public SeenSeal[] Seals { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 2)]
    public int? PackageCount { get; set; }

    [XmlElement(Order = 3)]
    public decimal? GrossMassKg { get; set; }

    public bool ShouldSerializePackageCount() => PackageCount is not null;

    public bool ShouldSerializeGrossMassKg() => GrossMassKg is not null;
}

[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record SeenSeal
{
    [XmlElement(Order = 0)]
    public string Number { get; set; } = "";

    [XmlElement(Order = 1)]
    public SealCondition Condition { get; set; }
}

/// <summary>The condition of a seal, as UN/EDIFACT 4517 has it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SealCondition>))]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public enum SealCondition
{
    Intact,
    Damaged,
    Missing,
    Broken,
    Faulty,
}
