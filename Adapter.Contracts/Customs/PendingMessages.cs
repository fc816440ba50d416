using System.Xml;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>Messages in the hands of their receiver, at most one of each subject.</summary>
[XmlRoot("PendingMessages", Namespace = CustomsNamespaces.Notifications)]
[XmlType(Namespace = CustomsNamespaces.Notifications)]
public sealed record PendingMessages
{
    [XmlElement(Order = 0)]
    public string Receiver { get; set; } = "";

    [XmlElement("Message", Order = 1)]
    public PendingMessage[] Messages { get; set; } = [];
}

/// <summary>The same id is the same message with the same content for ever.</summary>
[XmlType("Message", Namespace = CustomsNamespaces.Notifications)]
public sealed record PendingMessage
{
    [XmlElement(Order = 0)]
    public string MessageId { get; set; } = "";

    /// <summary>Number of this handing out; the receipt repeats it.</summary>
    [XmlElement(Order = 1)]
    public long Lease { get; set; }

    /// <summary>Without a receipt by then the message is handed out again.</summary>
    [XmlElement(Order = 2)]
    public DateTimeOffset Until { get; set; }

    [XmlElement(Order = 3)]
    public int Times { get; set; }

    /// <summary>What it is about, such as <c>journey:J-2026-0042</c>; messages about one subject are in order.</summary>
    [XmlElement(Order = 4)]
    public string Subject { get; set; } = "";

    [XmlElement(Order = 5)]
    public long Number { get; set; }

    [XmlElement(Order = 6)]
    public string Kind { get; set; } = "";

    [XmlElement(Order = 7)]
    public DateTimeOffset OccurredAt { get; set; }

    [XmlElement(Order = 8)]
    public string? Corrects { get; set; }

    [XmlElement(Order = 9)]
    public string? Supersedes { get; set; }

    [XmlElement(Order = 10)]
    public PendingContent Content { get; set; } = new();
}

/// <summary>The message itself, as the receiver's mapping document made it.</summary>
[XmlType("Content", Namespace = CustomsNamespaces.Notifications)]
public sealed record PendingContent
{
    [XmlAnyElement]
    public XmlElement? Message { get; set; }
}
