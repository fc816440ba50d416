using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>What is known of one movement.</summary>
[XmlRoot("MovementStatus", Namespace = CustomsNamespaces.Registration)]
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record MovementStatus
{
    [XmlElement(Order = 0)]
    public string MovementId { get; set; } = "";

    /// <summary>False where no such movement is registered; then nothing else is said.</summary>
    [XmlElement(Order = 1)]
    public bool Found { get; set; }

    /// <summary><c>registered</c>, <c>sealed</c>, <c>under-way</c>, <c>arrived</c>, <c>unsealed</c>, <c>suspended</c>, <c>cancelled</c> or <c>closed</c>.</summary>
    [XmlElement(Order = 2)]
    public string? Status { get; set; }

    [XmlElement(Order = 3)]
    public string? Mrn { get; set; }

    [XmlElement(Order = 4)]
    public string? ManifestNumber { get; set; }

    [XmlElement("Milestone", Order = 5)]
    public MilestoneStatus[] Milestones { get; set => field = value ?? []; } = [];

    [XmlElement("Finding", Order = 6)]
    public FindingStatus[] Findings { get; set => field = value ?? []; } = [];
}

/// <summary>A milestone and what each side says of it.</summary>
[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record MilestoneStatus
{
    [XmlElement(Order = 0)]
    public string Name { get; set; } = "";

    /// <summary><c>Open</c>, <c>OneSided</c>, <c>Confirmed</c> or <c>Contradicted</c>.</summary>
    [XmlElement(Order = 1)]
    public string State { get; set; } = "";

    [XmlElement("Evidence", Order = 2)]
    public EvidenceStatus[] Evidence { get; set => field = value ?? []; } = [];
}

[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record EvidenceStatus
{
    /// <summary><c>Lock</c>, <c>Office</c>, <c>Gate</c>, <c>Weighbridge</c>, <c>Officer</c> or <c>TransportationSystem</c>.</summary>
    [XmlElement(Order = 0)]
    public string Side { get; set; } = "";

    [XmlElement(Order = 1)]
    public DateTimeOffset At { get; set; }
}

[XmlType(Namespace = CustomsNamespaces.Registration)]
public sealed record FindingStatus
{
    [XmlElement(Order = 0)]
    public string Key { get; set; } = "";

    [XmlElement(Order = 1)]
    public string Code { get; set; } = "";

    [XmlElement(Order = 2)]
    public string Severity { get; set; } = "";

    /// <summary><c>Open</c>, <c>Confirmed</c>, <c>Dismissed</c>, <c>Explained</c> or <c>Closed</c>.</summary>
    [XmlElement(Order = 3)]
    public string State { get; set; } = "";

    [XmlElement(Order = 4)]
    public string Text { get; set; } = "";

    [XmlElement(Order = 5)]
    public DateTimeOffset OpenedAt { get; set; }
}
