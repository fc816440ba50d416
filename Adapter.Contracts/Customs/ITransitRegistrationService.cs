using System.ServiceModel;

namespace Adapter.Contracts.Customs;

/// <summary>What the legacy systems tell us of manifests and movements, and may ask.</summary>
/// <remarks>
/// Every operation but the question is on disk before it is answered. The same request again, as a caller does who missed the answer, is answered the same and has no second effect.
/// A request whose fields are wrong is a <see cref="RegistrationFault"/> and leaves nothing; one that does not fit what is known is a receipt that says so.
/// </remarks>
[ServiceContract(Name = "TransitRegistration", Namespace = CustomsNamespaces.Registration)]
[XmlSerializerFormat]
public interface ITransitRegistrationService
{
    [OperationContract(Action = CustomsNamespaces.Registration + "/RegisterManifest", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> RegisterManifestAsync(RegisterManifestRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/RegisterMovement", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> RegisterMovementAsync(RegisterMovementRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/AmendMovement", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> AmendMovementAsync(AmendMovementRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/ReportObservation", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> ReportObservationAsync(ReportObservationRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/AuthoriseUnseal", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> AuthoriseUnsealAsync(AuthoriseUnsealRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/ConfirmDeparture", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> ConfirmDepartureAsync(ConfirmDepartureRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/ConfirmArrival", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> ConfirmArrivalAsync(ConfirmArrivalRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/CloseMovement", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<RegistrationReceipt> CloseMovementAsync(CloseMovementRequest request);

    [OperationContract(Action = CustomsNamespaces.Registration + "/QueryMovement", ReplyAction = "*")]
    [FaultContract(typeof(RegistrationFault))]
    Task<MovementStatus> QueryMovementAsync(QueryMovementRequest request);
}
