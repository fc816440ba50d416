using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>A container or trailer as a document declares it.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record ContainerItem
{
    /// <summary>ISO 6346 or the trailer's plate, 1 to 17 characters.</summary>
    [XmlElement(Order = 0)]
    public string Number { get; set; } = "";

    /// <summary>Numbers of the declared seals, 1 to 35 characters each.</summary>
    [XmlElement("Seal", Order = 1)]
    public string[] Seals { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 2)]
    public int? PackageCount { get; set; }

    /// <summary>Gross mass of the goods in kilograms.</summary>
    [XmlElement(Order = 3)]
    public decimal? GrossMassKg { get; set; }

    public bool ShouldSerializePackageCount() => PackageCount is not null;

    public bool ShouldSerializeGrossMassKg() => GrossMassKg is not null;
}

/// <summary>A vehicle by its plate; nationality is ISO 3166 alpha-2.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record VehicleItem
{
    [XmlElement(Order = 0)]
    public string Plate { get; set; } = "";

    [XmlElement(Order = 1)]
    public string? Nationality { get; set; }
}

[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record CarrierItem
{
    [XmlElement(Order = 0)]
    public string? Id { get; set; }

    [XmlElement(Order = 1)]
    public string? Name { get; set; }
}

/// <summary>A customs office and the circle around it. Without coordinates nothing can be seen of arrivals at it.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record OfficeItem
{
    [XmlElement(Order = 0)]
    public string Code { get; set; } = "";

    [XmlElement(Order = 1)]
    public string? Name { get; set; }

    [XmlElement(Order = 2)]
    public string? Country { get; set; }

    /// <summary>WGS-84 degrees; latitude and longitude come together or not at all.</summary>
    [XmlElement(Order = 3)]
    public double? Latitude { get; set; }

    [XmlElement(Order = 4)]
    public double? Longitude { get; set; }

    /// <summary>Metres; 1000 where it is left out.</summary>
    [XmlElement(Order = 5)]
    public double? RadiusMetres { get; set; }

    public bool ShouldSerializeLatitude() => Latitude is not null;

    public bool ShouldSerializeLongitude() => Longitude is not null;

    public bool ShouldSerializeRadiusMetres() => RadiusMetres is not null;
}

/// <summary>An e-lock and where it hangs.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record LockItem
{
    [XmlElement(Order = 0)]
    public string Number { get; set; } = "";

    /// <summary>Container that it closes; left out for a lock on the vehicle.</summary>
    [XmlElement(Order = 1)]
    public string? Container { get; set; }

    /// <summary>From when it belongs to the movement; left out for now.</summary>
    [XmlElement(Order = 2)]
    public DateTimeOffset? From { get; set; }

    public bool ShouldSerializeFrom() => From is not null;
}
