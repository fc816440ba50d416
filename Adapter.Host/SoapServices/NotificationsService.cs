using System.ServiceModel;
using System.Xml;
using Adapter.Contracts.Customs;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices;

/// <summary>The service for systems that cannot be called: hands each call to the desk and puts what it says into messages.</summary>
internal sealed class NotificationsService(PullDesk desk, SoapCall call) : INotificationsService
{
    public const string Name = "notifications";

    // Nothing is answered from memory: leases run out, and a receipt that comes twice is known to the desk.
    public static readonly SoapServiceDefinition Definition = new()
    {
        // One code for what is out of bounds, whether the schema notices or the desk.
        Detail = (code, text, pointer) => new NotificationFault { Code = code == "soap.invalid-element" ? "notifications.invalid" : code, Text = pointer is null ? text : $"{pointer}: {text}" },
    };

    private Actor Actor => new(call.Caller);

    public async Task<PendingMessages> GetPendingAsync(GetPendingRequest request)
    {
        var answer = await desk.GetPendingAsync(Actor, request.Receiver, request.Most, TimeSpan.FromSeconds(request.WaitSeconds), call.Cancellation);
        call.FoundNothing = answer.Problem is null && answer.Messages.Count == 0;
        return answer.Problem is { } problem
            ? throw Refused(problem, answer.Text!)
            : new PendingMessages { Receiver = answer.Receiver, Messages = [.. answer.Messages.Select(View)] };
    }

    public async Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeRequest request)
    {
        var outcomes = new List<ReceiptOutcome>();
        foreach (var receipt in request.Receipts)
        {
            var told = new Acknowledgement(receipt.MessageId, receipt.Lease, receipt.Result == ReceiptResult.Accepted, receipt.Code, receipt.Text);
            var answer = await desk.AcknowledgeAsync(Actor, request.Receiver, told, call.Cancellation);
            if (answer.Code == "notifications.not-yours")
            {
                throw Refused(answer.Code, answer.Text);
            }

            outcomes.Add(new ReceiptOutcome { MessageId = receipt.MessageId, Code = answer.Code, Text = answer.Text });
        }

        return new AcknowledgeResult { Outcomes = [.. outcomes] };
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

    private static FaultException<NotificationFault> Refused(string code, string text) =>
        new(new NotificationFault { Code = code, Text = text }, new FaultReason(text), new FaultCode("Sender"), action: null);
}
