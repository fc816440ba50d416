using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using Adapter.Contracts.Admin;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Sends with HttpClient's own pool and an envelope written around the frozen bytes, which go out exactly as they are.</summary>
internal sealed class RawTransport(OutboundHandlers handlers, OutboundSecrets secrets, TimeProvider time) : ISoapTransport, IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly byte[] Bare11 = Bare(SoapVersion.Soap11);
    private static readonly byte[] Bare12 = Bare(SoapVersion.Soap12);
    private readonly ConcurrentDictionary<OutboundHandlers.ConnectionProfile, HttpMessageInvoker> _clients = new();

    public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken) =>
        WireAttempt.RunAsync(call, secrets, time, (wire, exchange) => SendAsync(call, wire, exchange), cancellationToken);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task SendAsync(SoapCall call, CallSecrets wire, Exchange exchange)
    {
        var client = _clients.GetOrAdd(handlers.ProfileOf(call.To), profile => new HttpMessageInvoker(handlers.For(profile), disposeHandler: false));
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Endpoint);
        try
        {
            request.Content = new ByteArrayContent(Envelope(call, wire));
        }
        catch (XmlException malformed)
        {
            exchange.Failure = malformed;
            return;
        }

        if (call.Version == SoapVersion.Soap11)
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
            request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{call.Action}\"");
        }
        else
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/soap+xml", "utf-8");
            if (call.Action.Length > 0)
            {
                request.Content.Headers.ContentType.Parameters.Add(new NameValueHeaderValue("action", $"\"{call.Action}\""));
            }
        }

        CaptureHandler.Current = exchange;
        using var nothing = await client.SendAsync(request, CancellationToken.None);
    }

    private byte[] Envelope(SoapCall call, CallSecrets wire)
    {
        Check(call.Body);
        var opening = Opening(call, wire);
        ReadOnlySpan<byte> closing = "</s:Body></s:Envelope>"u8;
        var bytes = new byte[opening.Length + call.Body.Length + closing.Length];
        opening.CopyTo(bytes, 0);
        call.Body.Span.CopyTo(bytes.AsSpan(opening.Length));
        closing.CopyTo(bytes.AsSpan(opening.Length + call.Body.Length));
        return bytes;
    }

    private byte[] Opening(SoapCall call, CallSecrets wire)
    {
        var headers = EnvelopeHeaders.Of(call, wire.Password, time.GetUtcNow());
        if (headers.Count == 0)
        {
            return call.Version == SoapVersion.Soap11 ? Bare11 : Bare12;
        }

        var ns = NamespaceOf(call.Version);
        var opening = new StringBuilder($"<s:Envelope xmlns:s=\"{ns}\"><s:Header>");
        foreach (var (header, mustUnderstand) in headers)
        {
            if (mustUnderstand)
            {
                header.SetAttributeValue(System.Xml.Linq.XName.Get("mustUnderstand", ns), "1");
            }

            // The writer declares the envelope's prefix again where the attribute needs it: legal, and no text is put together by hand.
            opening.Append(header.ToString(System.Xml.Linq.SaveOptions.DisableFormatting));
        }

        return Utf8.GetBytes(opening.Append("</s:Header><s:Body>").ToString());
    }

    private static byte[] Bare(SoapVersion version) => Utf8.GetBytes($"<s:Envelope xmlns:s=\"{NamespaceOf(version)}\"><s:Body>");

    private static string NamespaceOf(SoapVersion version) =>
        version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope";

    /// <summary>Bytes are copied and not parsed into the envelope, so they must be one element, and begin and end with it.</summary>
    private static void Check(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty || body.Span[0] != (byte)'<' || body.Span.StartsWith("<?"u8) || body.Span[^1] != (byte)'>')
        {
            throw new XmlException("It does not begin and end with its element.");
        }

        XmlInput.CheckElement(body);
    }
}
