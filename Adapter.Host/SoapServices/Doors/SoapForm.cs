using System.Net.Http.Headers;
using System.Xml.Linq;

namespace Adapter.Host.SoapServices.Doors;

/// <summary>The two versions of SOAP as they differ on the wire.</summary>
internal sealed record SoapForm(XNamespace Namespace, string MediaType, string Sender, string Receiver)
{
    public static SoapForm Soap11 { get; } = new("http://schemas.xmlsoap.org/soap/envelope/", "text/xml", "Client", "Server");

    public static SoapForm Soap12 { get; } = new("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml", "Sender", "Receiver");

    /// <returns>The version that a content type announces, or null when it announces none.</returns>
    public static SoapForm? Of(MediaTypeHeaderValue? type) =>
        new[] { Soap11, Soap12 }.FirstOrDefault(form => string.Equals(form.MediaType, type?.MediaType, StringComparison.OrdinalIgnoreCase));
}
