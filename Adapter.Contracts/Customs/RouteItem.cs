using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Where a movement may go and stop. What is left out is not checked.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record RouteItem
{
    /// <summary>The planned way as points in order, at least two.</summary>
    [XmlElement("Point", Order = 0)]
    public PointItem[] Way { get; set => field = value ?? []; } = [];

    /// <summary>How far beside the way still counts as on it, in metres; 500 where it is left out.</summary>
    [XmlElement(Order = 1)]
    public double? ToleranceMetres { get; set; }

    [XmlElement("Stop", Order = 2)]
    public StopItem[] Stops { get; set => field = value ?? []; } = [];

    /// <summary>Places where the goods may stand for any time.</summary>
    [XmlElement("PermittedArea", Order = 3)]
    public AreaItem[] PermittedAreas { get; set => field = value ?? []; } = [];

    public bool ShouldSerializeToleranceMetres() => ToleranceMetres is not null;
}

/// <summary>WGS-84 degrees.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record PointItem
{
    [XmlElement(Order = 0)]
    public double Latitude { get; set; }

    [XmlElement(Order = 1)]
    public double Longitude { get; set; }
}

/// <summary>A stop that is allowed on the way.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record StopItem
{
    [XmlElement(Order = 0)]
    public string Name { get; set; } = "";

    [XmlElement(Order = 1)]
    public double Latitude { get; set; }

    [XmlElement(Order = 2)]
    public double Longitude { get; set; }

    /// <summary>Metres; 300 where it is left out.</summary>
    [XmlElement(Order = 3)]
    public double? RadiusMetres { get; set; }

    /// <summary>How long the stop may take; left out for any time.</summary>
    [XmlElement(Order = 4)]
    public int? AtMostMinutes { get; set; }

    public bool ShouldSerializeRadiusMetres() => RadiusMetres is not null;

    public bool ShouldSerializeAtMostMinutes() => AtMostMinutes is not null;
}

/// <summary>An area by its corners in order, at least three.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record AreaItem
{
    [XmlElement(Order = 0)]
    public string Name { get; set; } = "";

    [XmlElement("Corner", Order = 1)]
    public PointItem[] Corners { get; set => field = value ?? []; } = [];
}
