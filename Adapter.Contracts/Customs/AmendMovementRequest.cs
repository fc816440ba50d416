using System.Text.Json.Serialization;
using System.Xml.Serialization;
using Adapter.Contracts.Transit;

namespace Adapter.Contracts.Customs;

/// <summary>What changes of a movement midway. What is left out stays as it is.</summary>
[XmlRoot("AmendMovement", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record AmendMovementRequest
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    /// <summary>Why, and by whose decision: 1 to 500 characters.</summary>
    [XmlElement(Order = 1)]
    public string Reason { get; set; } = "";

    [XmlElement(Order = 2)]
    public Regime? Regime { get; set; }

    [XmlElement(Order = 3)]
    public string? Mrn { get; set; }

    [XmlElement(Order = 4)]
    public string? ManifestNumber { get; set; }

    [XmlElement(Order = 5)]
    public VehicleItem? Vehicle { get; set; }

    [XmlElement(Order = 6)]
    public string? DriverReference { get; set; }

    /// <summary>Another office of destination: a diversion.</summary>
    [XmlElement(Order = 7)]
    public OfficeItem? Destination { get; set; }

    [XmlElement(Order = 8)]
    public DateTimeOffset? TimeLimit { get; set; }

    [XmlElement("AddContainer", Order = 9)]
    public ContainerItem[] AddContainers { get; set => field = value ?? []; } = [];

    [XmlElement("RemoveContainer", Order = 10)]
    public string[] RemoveContainers { get; set => field = value ?? []; } = [];

    [XmlElement("AddLock", Order = 11)]
    public LockItem[] AddLocks { get; set => field = value ?? []; } = [];

    [XmlElement("RemoveLock", Order = 12)]
    public string[] RemoveLocks { get; set => field = value ?? []; } = [];

    [XmlElement("ReplaceLock", Order = 13)]
    public LockReplacement[] ReplaceLocks { get; set => field = value ?? []; } = [];

    /// <summary>Another vehicle takes over containers, whole or in part.</summary>
    [XmlElement("Transfer", Order = 14)]
    public ContainerTransfer[] Transfers { get; set => field = value ?? []; } = [];

    [XmlElement(Order = 15)]
    public MovementChange? Change { get; set; }

    /// <summary>The way and stops from now on, such as those of a diversion; takes the place of the whole plan.</summary>
    [XmlElement(Order = 16)]
    public RouteItem? Route { get; set; }

    public bool ShouldSerializeRegime() => Regime is not null;

    public bool ShouldSerializeTimeLimit() => TimeLimit is not null;

    public bool ShouldSerializeChange() => Change is not null;
}

/// <summary>What happens to the movement as a whole.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MovementChange>))]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public enum MovementChange
{
    /// <summary>It stands by order: silence, stops and the time limit count for nothing until it goes on.</summary>
    Suspend,
    Resume,

    /// <summary>It will not take place; its locks are free.</summary>
    Cancel,
}

/// <summary>A lock taken off and another put in its place.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record LockReplacement
{
    [XmlElement(Order = 0)]
    public string Old { get; set; } = "";

    [XmlElement(Order = 1)]
    public string New { get; set; } = "";
}

/// <summary>A container that goes on with another vehicle.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record ContainerTransfer
{
    [XmlElement(Order = 0)]
    public string Container { get; set; } = "";

    [XmlElement(Order = 1)]
    public VehicleItem? Vehicle { get; set; }
}
