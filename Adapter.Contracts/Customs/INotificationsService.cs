using System.ServiceModel;

namespace Adapter.Contracts.Customs;

/// <summary>For systems that cannot be called, checkpoints among them: they fetch their messages and acknowledge them.</summary>
[ServiceContract(Name = "Notifications", Namespace = CustomsNamespaces.Notifications)]
[XmlSerializerFormat]
public interface INotificationsService
{
    [OperationContract(Action = CustomsNamespaces.Notifications + "/GetPending", ReplyAction = "*")]
    [FaultContract(typeof(NotificationFault))]
    Task<PendingMessages> GetPendingAsync(GetPendingRequest request);

    [OperationContract(Action = CustomsNamespaces.Notifications + "/Acknowledge", ReplyAction = "*")]
    [FaultContract(typeof(NotificationFault))]
    Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeRequest request);
}
