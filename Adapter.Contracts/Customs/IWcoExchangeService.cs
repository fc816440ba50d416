using System.ServiceModel;

namespace Adapter.Contracts.Customs;

/// <summary>For neighbouring customs: a WCO message in, the response out.</summary>
[ServiceContract(Name = "WcoExchange", Namespace = CustomsNamespaces.WcoExchange)]
[XmlSerializerFormat]
public interface IWcoExchangeService
{
    /// <summary>A functional refusal is a Response, never a fault.</summary>
    [OperationContract(Action = CustomsNamespaces.WcoExchange + "/Submit", ReplyAction = "*")]
    Task<WcoMetaData> SubmitAsync(WcoMetaData metaData);
}
