using System.ServiceModel;
using Adapter.Contracts.Customs;

namespace Adapter.Benchmarks.Peers;

/// <summary>The contract as SoapCore needs it told: without message contracts it would look for a wrapper around the element.</summary>
[ServiceContract(Name = "TransitRegistration", Namespace = CustomsNamespaces.Registration)]
[XmlSerializerFormat]
internal interface ICoreRegistration
{
    [OperationContract(Action = CustomsNamespaces.Registration + "/RegisterMovement", ReplyAction = "*")]
    Task<CoreReceipt> RegisterMovementAsync(CoreRequest request);
}

[MessageContract(IsWrapped = false)]
public sealed class CoreRequest
{
    [MessageBodyMember(Name = "RegisterMovement", Namespace = CustomsNamespaces.Registration)]
    public RegisterMovementRequest RegisterMovement { get; set; } = null!;
}

[MessageContract(IsWrapped = false)]
public sealed class CoreReceipt
{
    [MessageBodyMember(Name = "RegistrationReceipt", Namespace = CustomsNamespaces.Registration)]
    public RegistrationReceipt RegistrationReceipt { get; set; } = null!;
}

internal sealed class CoreRegistration : ICoreRegistration
{
    private readonly SoapPeers.FixedRegistration _service = new();

    public async Task<CoreReceipt> RegisterMovementAsync(CoreRequest request) => new() { RegistrationReceipt = await _service.RegisterMovementAsync(request.RegisterMovement) };
}
