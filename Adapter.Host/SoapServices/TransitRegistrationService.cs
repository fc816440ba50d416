using System.Diagnostics.CodeAnalysis;
using System.ServiceModel;
using Adapter.Contracts.Customs;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;

namespace Adapter.Host.SoapServices;

/// <summary>The registration service: hands each request to the desk and turns what it says into a receipt or a fault.</summary>
internal sealed class TransitRegistrationService(MovementDesk desk, SoapCall call) : ITransitRegistrationService
{
    public const string Name = "transit-registration";

    public static readonly SoapServiceDefinition Definition = new()
    {
        Detail = (code, text, pointer) => new RegistrationFault { Code = code, Text = text, Fields = pointer is null ? [] : [new FieldError { Path = pointer, Message = text }] },
        RemembersMessages = operation => operation != "QueryMovement",
    };

    private Actor Actor => new(call.Caller);

    public async Task<RegistrationReceipt> RegisterManifestAsync(RegisterManifestRequest request) => Told(await desk.RegisterManifestAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> RegisterMovementAsync(RegisterMovementRequest request) => Told(await desk.RegisterMovementAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> AmendMovementAsync(AmendMovementRequest request) => Told(await desk.AmendMovementAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> ReportObservationAsync(ReportObservationRequest request) => Told(await desk.ReportObservationAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> AuthoriseUnsealAsync(AuthoriseUnsealRequest request) => Told(await desk.AuthoriseUnsealAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> ConfirmDepartureAsync(ConfirmDepartureRequest request) => Told(await desk.ConfirmDepartureAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> ConfirmArrivalAsync(ConfirmArrivalRequest request) => Told(await desk.ConfirmArrivalAsync(request, Actor, call.Cancellation));

    public async Task<RegistrationReceipt> CloseMovementAsync(CloseMovementRequest request) => Told(await desk.CloseMovementAsync(request, Actor, call.Cancellation));

    public Task<MovementStatus> QueryMovementAsync(QueryMovementRequest request) => desk.QueryMovementAsync(request, call.Cancellation);

    private RegistrationReceipt Told(MovementAnswer answer)
    {
        // What does not fit what is known is refused like what breaks a rule: nothing was done, and the message's id is free for another attempt.
        if (answer.Fault is { } fault || Refused(answer.Receipt!, out fault))
        {
            throw new FaultException<RegistrationFault>(fault, new FaultReason(fault.Text), new FaultCode("Sender"), action: null);
        }

        call.AnswerIsProvisional = answer.Receipt!.Pending;
        return answer.Receipt;
    }

    private static bool Refused(RegistrationReceipt receipt, [NotNullWhen(true)] out RegistrationFault? fault)
    {
        fault = receipt is { Accepted: false, Pending: false }
            ? new RegistrationFault { Code = receipt.Code, Text = receipt.Text, Fields = FieldOf(receipt.Code) is { } path ? [new FieldError { Path = path, Message = receipt.Text }] : [] }
            : null;
        return fault is not null;
    }

    /// <summary>The field by which a request does not fit; null where only the text can say it.</summary>
    private static string? FieldOf(string code) => code switch
    {
        "journey.unknown" or "journey.exists" or "journey.closed" => "movementId",
        "order.exists" => "orderId",
        _ => null,
    };
}
