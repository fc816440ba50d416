using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices.Doors;

/// <summary><c>/soap/notifications</c>: systems that cannot be called fetch their messages.</summary>
internal static class Notifications
{
    // A serializer is made once per type: each one compiles code that is never unloaded.
    private static readonly XmlSerializer GetPending = new(typeof(GetPendingRequest));
    private static readonly XmlSerializer Acknowledge = new(typeof(AcknowledgeRequest));
    private static readonly XmlSerializer Pending = new(typeof(PendingMessages));
    private static readonly XmlSerializer Acknowledged = new(typeof(AcknowledgeResult));
    private static readonly XmlSerializer Fault = new(typeof(NotificationFault));

    public static void MapNotifications(this IEndpointRouteBuilder routes) => routes.MapSoapDoor("/soap/notifications", "notifications.wsdl", async (content, caller, services, cancellationToken) =>
    {
        if (content.Name.NamespaceName != CustomsNamespaces.Notifications || content.Name.LocalName is not ("GetPending" or "Acknowledge"))
        {
            return (null, new SoapRefusal(Blame.Sender, $"There is no operation for {content.Name}; this service has GetPending and Acknowledge."));
        }

        // Before anything is deserialised: what stands in another order or namespace would silently be nothing.
        if (Problem(content, services.GetRequiredService<SchemaCatalogue>().Target("soap/notifications").Schemas) is { } problem)
        {
            return (null, Refusal("notifications.invalid", problem));
        }

        var desk = services.GetRequiredService<PullDesk>();
        return content.Name.LocalName == "GetPending"
            ? await FetchAsync(desk, Read<GetPendingRequest>(GetPending, content), caller, cancellationToken)
            : await TakeAsync(desk, Read<AcknowledgeRequest>(Acknowledge, content), caller, cancellationToken);
    });

    private static async Task<(XElement? Answer, SoapRefusal? Refusal)> FetchAsync(PullDesk desk, GetPendingRequest request, Actor caller, CancellationToken cancellationToken)
    {
        var answer = await desk.GetPendingAsync(caller, request.Receiver, request.Most, TimeSpan.FromSeconds(request.WaitSeconds), cancellationToken);
        return answer.Problem is { } problem
            ? (null, Refusal(problem, answer.Text!))
            : (Write(Pending, new PendingMessages { Receiver = answer.Receiver, Messages = [.. answer.Messages.Select(View)] }), null);
    }

    private static async Task<(XElement? Answer, SoapRefusal? Refusal)> TakeAsync(PullDesk desk, AcknowledgeRequest request, Actor caller, CancellationToken cancellationToken)
    {
        var outcomes = new List<ReceiptOutcome>();
        foreach (var receipt in request.Receipts)
        {
            var told = new Acknowledgement(receipt.MessageId, receipt.Lease, receipt.Result == ReceiptResult.Accepted, receipt.Code, receipt.Text);
            var answer = await desk.AcknowledgeAsync(caller, request.Receiver, told, cancellationToken);
            if (answer.Code == "notifications.not-yours")
            {
                return (null, Refusal(answer.Code, answer.Text));
            }

            outcomes.Add(new ReceiptOutcome { MessageId = receipt.MessageId, Code = answer.Code, Text = answer.Text });
        }

        return (Write(Acknowledged, new AcknowledgeResult { Outcomes = [.. outcomes] }), null);
    }

    private static PendingMessage View(LeasedMessage message)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        using var reader = XmlInput.CreateReader(message.Body);
        document.Load(reader);
        return new PendingMessage
        {
            MessageId = message.MessageId,
            Lease = message.Lease,
            Until = message.Until,
            Times = message.Times,
            Subject = message.Subject,
            Number = message.Number,
            Kind = message.Kind,
            OccurredAt = message.OccurredAt,
            Corrects = message.Corrects,
            Supersedes = message.Supersedes,
            Content = new PendingContent { Message = document.DocumentElement },
        };
    }

    private static SoapRefusal Refusal(string code, string text) => new(Blame.Sender, text, Write(Fault, new NotificationFault { Code = code, Text = text }));

    private static string? Problem(XElement content, XmlSchemaSet schemas)
    {
        string? problem = null;
        new XDocument(new XElement(content)).Validate(schemas, (_, found) => problem ??= found.Severity == XmlSeverityType.Error ? found.Message : null);
        return problem;
    }

    private static T Read<T>(XmlSerializer serializer, XElement content)
    {
        using var reader = content.CreateReader();
        return (T)serializer.Deserialize(reader)!;
    }

    private static XElement Write<T>(XmlSerializer serializer, T value)
    {
        var document = new XDocument();
        using (var writer = document.CreateWriter())
        {
            serializer.Serialize(writer, value);
        }

        return document.Root!;
    }
}
