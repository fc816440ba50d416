using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Host.Neighbours;
using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;

namespace Adapter.Host.SoapServices.Doors;

/// <summary><c>/soap/wco-exchange</c>: neighbouring customs submit WCO messages.</summary>
internal static class WcoExchange
{
    public static void MapWcoExchange(this IEndpointRouteBuilder routes) => routes.MapSoapDoor("/soap/wco-exchange", "wco-exchange.wsdl", async (content, caller, services, cancellationToken) =>
    {
        if (content.Name != WcoNames.Meta + "MetaData")
        {
            return (null, new SoapRefusal(Blame.Sender, $"There is no operation for {content.Name}; send MetaData of the profile DMS:2."));
        }

        // From the element and not from the envelope: prefixes that the envelope declares belong to the message.
        var answer = await services.GetRequiredService<ExchangeDesk>().SubmitAsync(caller, Bytes(content), cancellationToken);
        return answer is { } response
            ? (XmlInput.Load(response).Root, null)
            : (null, new SoapRefusal(Blame.Sender, $"{caller.Name} speaks for no neighbour. An administrator names it in Neighbours:…:Callers."));
    });

    private static byte[] Bytes(XElement content)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize }))
        {
            content.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
