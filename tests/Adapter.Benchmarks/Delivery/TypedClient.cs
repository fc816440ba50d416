using System.ServiceModel;
using System.Xml.Serialization;

namespace Adapter.Benchmarks.Delivery;

/// <summary>What a generated client looks like: the contract and its types, serialised by XmlSerializer.</summary>
[ServiceContract(Namespace = Ns)]
[XmlSerializerFormat]
public interface IManifestClient
{
    internal const string Ns = "urn:customstransit:manifest:1";

    [OperationContract(Action = Message.Action, ReplyAction = "*")]
    Task<NotifyAnswer> NotifyAsync(NotifyRequest request);
}

[MessageContract(IsWrapped = false)]
public sealed class NotifyRequest
{
    [MessageBodyMember(Name = "SealNotification", Namespace = IManifestClient.Ns)]
    public SealNotification? Notification { get; set; }
}

[MessageContract(IsWrapped = false)]
public sealed class NotifyAnswer
{
    [MessageBodyMember(Name = "NotificationReceipt", Namespace = IManifestClient.Ns)]
    public NotificationReceipt? Receipt { get; set; }
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class NotificationReceipt
{
    public string? MessageId { get; set; }

    public string? Result { get; set; }
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class SealNotification
{
    public string? MessageId { get; set; }

    public long Sequence { get; set; }

    public string? ManifestNumber { get; set; }

    public string? Mrn { get; set; }

    public SealEvent? Event { get; set; }

    [XmlElement("Container")]
    public List<SealedContainer> Containers { get; } = [];

    public static SealNotification Of(long n) => new()
    {
        MessageId = Message.IdOf(n),
        Sequence = 1,
        ManifestNumber = "MAN-26-000871",
        Mrn = "26JO00000012345678",
        Event = new SealEvent
        {
            Code = "SEAL",
            OccurredAt = new DateTime(2026, 3, 2, 6, 15, 30, DateTimeKind.Utc),
            ReportedAt = new DateTime(2026, 3, 2, 6, 15, 41, 250, DateTimeKind.Utc),
            Lock = "7010000421",
            Office = "JOAQJ001",
            Position = new SealPosition { Latitude = 29.516742m, Longitude = 35.000118m },
        },
        Containers =
        {
            new SealedContainer { Number = "MSKU1234565", Seals = { new SealOnContainer { Number = "SL-77001" }, new SealOnContainer { Number = "7010000421", Electronic = true } } },
            new SealedContainer { Number = "TGHU7654326", Seals = { new SealOnContainer { Number = "7010000987", Electronic = true } } },
        },
    };
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class SealEvent
{
    public string? Code { get; set; }

    public bool Alarm { get; set; }

    public DateTime OccurredAt { get; set; }

    public DateTime ReportedAt { get; set; }

    public string? Lock { get; set; }

    public string? Office { get; set; }

    public SealPosition? Position { get; set; }
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class SealPosition
{
    public decimal Latitude { get; set; }

    public decimal Longitude { get; set; }
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class SealedContainer
{
    public string? Number { get; set; }

    [XmlElement("Seal")]
    public List<SealOnContainer> Seals { get; } = [];
}

[XmlType(Namespace = IManifestClient.Ns)]
public sealed class SealOnContainer
{
    public string? Number { get; set; }

    public bool Electronic { get; set; }
}
