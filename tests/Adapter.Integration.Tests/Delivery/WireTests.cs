using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Admin;
using Adapter.Mappings.Validation;
using Microsoft.AspNetCore.Http;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>What a receiver gets, byte for byte.</summary>
public sealed class WcfWireTests() : WireTests(SoapTransportKind.Wcf);

public sealed class RawWireTests() : WireTests(SoapTransportKind.Raw);

public abstract class WireTests : IDisposable
{
    private readonly Sender _sender;
    private readonly SoapTransportKind _kind;

    protected WireTests(SoapTransportKind kind) => (_kind, _sender) = (kind, new Sender(kind));

    [Fact]
    public async Task Soap_11_names_the_action_in_a_quoted_header()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));

        await _sender.SendAsync(peer.Endpoint, SoapVersion.Soap11);

        var request = peer.Received.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Headers["SOAPAction"].ShouldBe("\"urn:test:transit/Notify\"");
        request.Headers["Content-Type"].ShouldBe("text/xml; charset=utf-8");
        request.Headers.ShouldNotContainKey("Expect");
        request.Headers.ShouldNotContainKey("Accept-Encoding");
        request.Headers.ShouldNotContainKey("Cookie");
        request.Headers.ShouldNotContainKey("traceparent");
        request.Body[0].ShouldBe((byte)'<', "no byte order mark");
        Root(request).Name.NamespaceName.ShouldBe("http://schemas.xmlsoap.org/soap/envelope/");
    }

    [Fact]
    public async Task Soap_12_names_the_action_in_the_content_type()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "application/soap+xml", Samples.Envelope(Samples.Receipt(), SoapVersion.Soap12));

        await _sender.SendAsync(peer.Endpoint, SoapVersion.Soap12);

        var request = peer.Received.ShouldHaveSingleItem();
        request.Headers["Content-Type"].ShouldBe("application/soap+xml; charset=utf-8; action=\"urn:test:transit/Notify\"");
        request.Headers.ShouldNotContainKey("SOAPAction");
        Root(request).Name.NamespaceName.ShouldBe("http://www.w3.org/2003/05/soap-envelope");
        Root(request).Elements().Select(element => element.Name.LocalName).ShouldBe(["Body"], "no header that nobody asked for");
    }

    [Fact]
    public async Task An_empty_action_is_an_empty_quoted_header()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));

        await _sender.Transport.SendAsync(Samples.Call(peer.Endpoint) with { Action = "" }, TestContext.Current.CancellationToken);

        peer.Received.ShouldHaveSingleItem().Headers["SOAPAction"].ShouldBe("\"\"");
    }

    [Theory]
    [InlineData(SoapVersion.Soap11)]
    [InlineData(SoapVersion.Soap12)]
    public async Task The_body_arrives_unchanged_and_the_same_at_a_second_attempt(SoapVersion version)
    {
        await using var peer = await WebPeer.AnsweringAsync(503, null, "");

        await _sender.SendAsync(peer.Endpoint, version);
        await _sender.SendAsync(peer.Endpoint, version);

        var requests = peer.Received.ToArray();
        requests.Length.ShouldBe(2);
        requests[1].Body.ShouldBe(requests[0].Body);
        requests[1].Headers.ShouldBe(requests[0].Headers, ignoreOrder: true);
        var body = Root(requests[0]).Elements().Single().Elements().ShouldHaveSingleItem();
        Canonical(body).ShouldBe(Canonical(Load(Samples.Body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<a/><b/>")]
    [InlineData("<a>")]
    [InlineData("<!DOCTYPE a><a/>")]
    public async Task A_body_that_is_not_one_element_never_leaves(string body)
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));

        var thrown = await Should.ThrowAsync<FormatException>(() =>
            _sender.Transport.SendAsync(Samples.Call(peer.Endpoint, body: body), TestContext.Current.CancellationToken));

        thrown.Message.ShouldContain("manifest");
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_sends_share_one_factory_and_its_connections()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));

        for (var i = 0; i < 20; i++)
        {
            await _sender.SendAsync(peer.Endpoint);
            await _sender.SendAsync(new Uri(peer.Endpoint, "/other"));
        }

        _sender.FactoryCount.ShouldBe(_kind == SoapTransportKind.Wcf ? 1 : 0);
        peer.Received.Count.ShouldBe(40);
        peer.Received.Select(request => request.ConnectionId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Attempts_side_by_side_keep_their_evidence_apart()
    {
        await using var peer = await WebPeer.StartAsync(async context =>
        {
            var number = context.Request.Path.Value![1..];
            await context.Response.WriteAsync(Samples.Envelope(Samples.Receipt(id: number)));
        });

        var sent = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => _sender.SendAsync(new Uri(peer.Endpoint, $"/{number}"))));

        sent.Select(evidence => evidence.Answer!.Element(XName.Get("MessageId", Samples.Ns))!.Value)
            .ShouldBe(Enumerable.Range(0, 200).Select(number => $"{number}"));
    }

    [Fact]
    public async Task An_answer_keeps_the_prefixes_its_values_use()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml",
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:q='urn:q' xmlns='urn:test:transit'><s:Body><Receipt kind='q:final'><MessageId>1</MessageId></Receipt></s:Body></s:Envelope>");

        var root = (await _sender.SendAsync(peer.Endpoint)).Answer!;

        root.Name.ShouldBe(XName.Get("Receipt", Samples.Ns));
        root.GetNamespaceOfPrefix("q").ShouldBe(XNamespace.Get("urn:q"));
    }

    public void Dispose()
    {
        _sender.Dispose();
        GC.SuppressFinalize(this);
    }

    private static XElement Root(Arrived request) => Root(request.Body);

    private static XElement Root(byte[] xml) => XmlInput.Load(xml).Root!;

    private static XElement Load(string xml) => Root(Encoding.UTF8.GetBytes(xml));

    /// <summary>Exclusive canonical form: equal for equal infosets, wherever the prefixes were declared.</summary>
    private static string Canonical(XElement element)
    {
        var document = new System.Xml.XmlDocument { PreserveWhitespace = true };
        using (var reader = new XElement(element).CreateReader())
        {
            document.Load(reader);
        }
        var transform = new XmlDsigExcC14NWithCommentsTransform();
        transform.LoadInput(document);
        using var canonical = new StreamReader((Stream)transform.GetOutput(typeof(Stream)));
        return canonical.ReadToEnd();
    }
}
