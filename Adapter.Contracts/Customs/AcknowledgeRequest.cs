using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>What the receiver says of messages that it fetched.</summary>
[XmlRoot("Acknowledge", Namespace = CustomsNamespaces.Notifications)]
[XmlType(Namespace = CustomsNamespaces.Notifications)]
public sealed record AcknowledgeRequest
{
    [XmlElement(Order = 0)]
    public string? Receiver { get; set; }

    [XmlElement("Receipt", Order = 1)]
    public MessageReceipt[] Receipts { get; set; } = [];
}

[XmlType("Receipt", Namespace = CustomsNamespaces.Notifications)]
public sealed record MessageReceipt
{
    [XmlElement(Order = 0)]
    public string MessageId { get; set; } = "";

    [XmlElement(Order = 1)]
    public long Lease { get; set; }

    [XmlElement(Order = 2)]
    public ReceiptResult Result { get; set; }

    /// <summary>The receiver's code; a rejection must have one.</summary>
    [XmlElement(Order = 3)]
    public string? Code { get; set; }

    [XmlElement(Order = 4)]
    public string? Text { get; set; }
}

[XmlType(Namespace = CustomsNamespaces.Notifications)]
public enum ReceiptResult
{
    [XmlEnum("ACCEPTED")]
    Accepted,

    /// <summary>Stops the messages about its subject until an operator has looked.</summary>
    [XmlEnum("REJECTED")]
    Rejected,
}

[XmlRoot("AcknowledgeResult", Namespace = CustomsNamespaces.Notifications)]
[XmlType(Namespace = CustomsNamespaces.Notifications)]
public sealed record AcknowledgeResult
{
    [XmlElement("Outcome", Order = 0)]
    public ReceiptOutcome[] Outcomes { get; set; } = [];
}

/// <summary>What a receipt led to: <c>settled</c>, <c>parked</c>, <c>known</c>, or a problem code that begins with <c>notifications.</c></summary>
[XmlType("Outcome", Namespace = CustomsNamespaces.Notifications)]
public sealed record ReceiptOutcome
{
    [XmlElement(Order = 0)]
    public string MessageId { get; set; } = "";

    [XmlElement(Order = 1)]
    public string Code { get; set; } = "";

    [XmlElement(Order = 2)]
    public string Text { get; set; } = "";
}
