using System.Globalization;
using System.ServiceModel;
using System.Xml;
using Adapter.Contracts.Customs;
using Adapter.Host.Neighbours;
using Adapter.Host.Storage;

namespace Adapter.Host.SoapServices;

/// <summary>The service for neighbouring customs: hands each message to the desk as it came.</summary>
internal sealed class WcoExchangeService(ExchangeDesk desk, SoapCall call) : IWcoExchangeService
{
    public const string Name = "wco-exchange";

    // The desk itself knows repeats, by the references of the messages. Its description has no fault of its own, so a fault is its text.
    public static readonly SoapServiceDefinition Definition = new() { Detail = (_, _, _) => null };

    public async Task<WcoMetaData> SubmitAsync(WcoMetaData metaData)
    {
        try
        {
            return await desk.SubmitAsync(new Actor(call.Caller), metaData.Xml, call.MessageId, call.RelatesTo, call.Cancellation) is { } response
                ? new WcoMetaData { Xml = response }
                : throw Refused($"{call.Caller} speaks for no neighbour. An administrator names it in Neighbours:…:Callers.");
        }
        catch (XmlException outside)
        {
            // Well-formed, as the endpoint has seen, and larger than the desk reads.
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"The message is outside the bounds at line {outside.LineNumber}, column {outside.LinePosition}. Send it in parts."));
        }
    }

    private static FaultException Refused(string text) => new(new FaultReason(text), new FaultCode("Sender"), action: null);
}
