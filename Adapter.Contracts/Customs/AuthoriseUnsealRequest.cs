using System.Text.Json.Serialization;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>An order to open seals: who, why, where, until when. The lock's own report is matched with it.</summary>
[XmlRoot("AuthoriseUnseal", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record AuthoriseUnsealRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    /// <summary>The caller's number of the order, 1 to 35 characters; the same number with the same content again has no second effect.</summary>
    [XmlElement(Order = 1)]
    public string OrderId { get; set; } = "";

    /// <summary>Reference to the officer who ordered it, 1 to 70 characters.</summary>
    [XmlElement(Order = 2)]
    public string Officer { get; set; } = "";

    [XmlElement(Order = 3)]
    public UnsealPurpose Purpose { get; set; }

    /// <summary>Locks that may be opened; all of the movement where none is named.</summary>
    [XmlElement("Lock", Order = 4)]
    public string[] Locks { get; set => field = value ?? []; } = [];

    /// <summary>Code of the movement's office in whose area they may be opened. Give this, a place, or neither for anywhere.</summary>
    [XmlElement(Order = 5)]
    public string? Office { get; set; }

    /// <summary>Centre of another place in which they may be opened.</summary>
    [XmlElement(Order = 6)]
    public double? Latitude { get; set; }

    [XmlElement(Order = 7)]
    public double? Longitude { get; set; }

    /// <summary>Metres around the place; 500 where it is left out.</summary>
    [XmlElement(Order = 8)]
    public double? RadiusMetres { get; set; }

    /// <summary>From when it holds; from its receipt where it is left out.</summary>
    [XmlElement(Order = 9)]
    public DateTimeOffset? From { get; set; }

    [XmlElement(Order = 10)]
    public DateTimeOffset Until { get; set; }

    public bool ShouldSerializeLatitude() => Latitude is not null;

    public bool ShouldSerializeLongitude() => Longitude is not null;

    public bool ShouldSerializeRadiusMetres() => RadiusMetres is not null;

    public bool ShouldSerializeFrom() => From is not null;
}

[JsonConverter(typeof(JsonStringEnumConverter<UnsealPurpose>))]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public enum UnsealPurpose
{
    Release,
    Examination,
    Transfer,
    Emergency,
}
