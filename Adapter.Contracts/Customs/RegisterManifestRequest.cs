using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Document flow: what the cargo manifest says. It may come before or after its movements; a later one with the same number takes the earlier one's place.</summary>
[XmlRoot("RegisterManifest", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record RegisterManifestRequest
{
    /// <summary>1 to 35 characters; movements name it.</summary>
    [XmlElement(Order = 0)]
    public string ManifestNumber { get; set; } = "";

    [XmlElement(Order = 1)]
    public string? Mrn { get; set; }

    [XmlElement(Order = 2)]
    public VehicleItem? Vehicle { get; set; }

    /// <summary>Code of the office of departure as the manifest has it.</summary>
    [XmlElement(Order = 3)]
    public string? DepartureOffice { get; set; }

    [XmlElement(Order = 4)]
    public string? DestinationOffice { get; set; }

    [XmlElement("Container", Order = 5)]
    public ContainerItem[] Containers { get; set => field = value ?? []; } = [];

    /// <summary>All packages of the manifest together.</summary>
    [XmlElement(Order = 6)]
    public int? PackageCount { get; set; }

    /// <summary>Gross mass of all goods together, kilograms.</summary>
    [XmlElement(Order = 7)]
    public decimal? GrossMassKg { get; set; }

    public bool ShouldSerializePackageCount() => PackageCount is not null;

    public bool ShouldSerializeGrossMassKg() => GrossMassKg is not null;
}
