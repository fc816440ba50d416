using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>How SOAP stacks of several makers answer: what is read, and what is left to a person because nobody can know what it means.</summary>
public sealed class WcfReceiverTrapTests() : ReceiverTrapTests(SoapTransportKind.Wcf);

public sealed class RawReceiverTrapTests() : ReceiverTrapTests(SoapTransportKind.Raw);

public abstract class ReceiverTrapTests : IDisposable
{
    private const string Envelope11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Envelope12 = "http://www.w3.org/2003/05/soap-envelope";

    private readonly Sender _sender;

    protected ReceiverTrapTests(SoapTransportKind kind) => _sender = new Sender(kind);

    [Theory]
    [InlineData("utf-8", "", "text/xml; charset=utf-8", true)]
    [InlineData("utf-8", "<?xml version='1.0' encoding='utf-8'?>", "text/xml", true)]
    [InlineData("utf-8", "<?xml version='1.0' encoding='utf-8'?>", "text/xml; charset=\"utf-8\"", false)]
    [InlineData("utf-16", "<?xml version='1.0' encoding='utf-16'?>", "text/xml; charset=utf-16", true)]
    [InlineData("utf-16", "<?xml version='1.0' encoding='utf-16'?>", "text/xml", true)]
    [InlineData("utf-16", "", "text/xml; charset=utf-16", false)]
    [InlineData("utf-16BE", "<?xml version='1.0' encoding='utf-16'?>", "text/xml; charset=utf-16BE", true)]
    [InlineData("iso-8859-1", "<?xml version='1.0' encoding='iso-8859-1'?>", "text/xml", false)]
    public async Task A_receipt_is_read_in_the_encoding_that_its_sender_chose(string encoding, string declaration, string type, bool mark)
    {
        var bytes = Encoding.GetEncoding(encoding);
        byte[] answer = [.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(declaration + Samples.Envelope(Samples.Receipt("TRN-409", text: "zerstört")))];
        await using var peer = await WebPeer.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        });

        _sender.Judge(await _sender.SendAsync(peer.Endpoint)).Move.ShouldBe(new NextMove.Park("Customs refused the message with code TRN-409: zerstört"));
    }

    [Theory]
    [InlineData("<Receipt xmlns='urn:test:transit'><MessageId>ID</MessageId><Code>OK</Code></Receipt>")]
    [InlineData("<ns1:Receipt xmlns:ns1='urn:test:transit'><ns1:Code>OK</ns1:Code><ns1:MessageId>ID</ns1:MessageId></ns1:Receipt>")]
    [InlineData("<s:Receipt xmlns:s='urn:test:transit'><x:MessageId xmlns:x='urn:test:transit'>ID</x:MessageId><MessageId/><s:Code>OK</s:Code></s:Receipt>")]
    [InlineData("<r:Receipt xmlns:r='urn:test:transit'>\n <r:MessageId>\n ID\n </r:MessageId>\n <r:Code> <![CDATA[OK]]><!-- x --> </r:Code>\n</r:Receipt>")]
    [InlineData("<r:Receipt xmlns:r='urn:test:transit'><MessageId>ID</MessageId><Code>OK</Code></r:Receipt>")]
    [InlineData("<r:Receipt xmlns:r='urn:test:transit' xmlns:xsd='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='r:Receipt'><r:MessageId xsi:type='xsd:string'>ID</r:MessageId><r:Code xsi:type='xsd:string'>OK</r:Code><r:Text xsi:nil='true'/></r:Receipt>")]
    public async Task A_receipt_is_read_by_its_names_whatever_its_prefixes_order_types_and_nils(string receipt)
    {
        foreach (var form in (string[])["<s:Envelope xmlns:s='{0}'><s:Body>{1}</s:Body></s:Envelope>", "\ufeff<Envelope xmlns='{0}'>\n<Header><h:t xmlns:h='urn:h' xmlns:s='{0}' s:mustUnderstand='1'/></Header>\n<Body>\n<!-- b -->{1}\n</Body>\n</Envelope>\n"])
        {
            var answer = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Envelope11, receipt.Replace("ID", Samples.MessageId, StringComparison.Ordinal));
            await using var peer = await WebPeer.AnsweringAsync(200, "text/xml; charset=utf-8", answer);

            var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

            move.ShouldBe(new NextMove.Delivered(Duplicate: false), evidence.Detail);
        }
    }

    /// <summary>Some servers know one version and answer in it whatever they were asked in.</summary>
    [Theory]
    [InlineData(SoapVersion.Soap11, SoapVersion.Soap12)]
    [InlineData(SoapVersion.Soap12, SoapVersion.Soap11)]
    public async Task An_answer_in_the_other_version_is_read(SoapVersion asked, SoapVersion answered)
    {
        await using var receipt = await WebPeer.AnsweringAsync(200, Samples.ContentType(answered), Samples.Envelope(Samples.Receipt(), answered));
        await using var fault = await WebPeer.AnsweringAsync(500, Samples.ContentType(answered), Samples.Fault("VersionMismatch", answered));

        _sender.Judge(await _sender.SendAsync(receipt.Endpoint, asked)).Move.ShouldBe(new NextMove.Delivered(Duplicate: false));
        _sender.Judge(await _sender.SendAsync(fault.Endpoint, asked)).Move.ShouldBeOfType<NextMove.Park>();
    }

    [Theory]
    // PHP writes no language in 1.2, which WCF does not read.
    [InlineData(Envelope12, "<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>no luck</s:Text></s:Reason></s:Fault>", "Sender", null)]
    [InlineData(Envelope12, "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>s:Sender</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang='en'>no luck</s:Text><s:Text xml:lang='de'>kein Glück</s:Text></s:Reason></s:Fault>", "Receiver", null)]
    // Children of the other version.
    [InlineData(Envelope12, "<s:Fault><faultcode>s:Sender</faultcode><faultstring>no luck</faultstring><detail><x>17</x></detail></s:Fault>", "Sender", "<x>17</x>")]
    [InlineData(Envelope12, "<s:Fault><s:faultcode>s:Receiver</s:faultcode><s:faultstring>no luck</s:faultstring></s:Fault>", "Receiver", null)]
    // A code without prefix, with one that nobody declared for it, and dotted; a detail without namespace, and of several elements.
    [InlineData(Envelope11, "<s:Fault><faultcode>Client</faultcode><faultstring>no luck</faultstring><detail><Rejection><Code>17</Code></Rejection></detail></s:Fault>", "Client", "<Code>17</Code>")]
    [InlineData(Envelope11, "<s:Fault><faultcode>senv:Client</faultcode><faultstring xml:lang='en'>no luck</faultstring><faultactor>x</faultactor><detail><a/><b/></detail></s:Fault>", "Client", "<b />")]
    [InlineData(Envelope11, "<s:Fault><faultcode>s:Client.Authentication</faultcode><faultstring> no luck </faultstring></s:Fault>", "Client.Authentication", null)]
    [InlineData(Envelope11, "<s:Fault><faultstring>no luck</faultstring><faultcode>s:Server</faultcode></s:Fault>", "Server", null)]
    public async Task A_fault_is_read_as_its_stack_writes_it(string soap, string fault, string code, string? detail)
    {
        await using var peer = await WebPeer.AnsweringAsync(500, "text/xml", $"<s:Envelope xmlns:s='{soap}'><s:Body>{fault}</s:Body></s:Envelope>");

        var read = (await _sender.SendAsync(peer.Endpoint, soap == Envelope12 ? SoapVersion.Soap12 : SoapVersion.Soap11)).Fault.ShouldNotBeNull();

        (read.Code, read.Reason).ShouldBe((code, "no luck"));
        if (detail is not null)
        {
            read.Detail.ShouldNotBeNull().ShouldContain(detail);
        }

        var judged = _sender.Judge(await _sender.SendAsync(peer.Endpoint, soap == Envelope12 ? SoapVersion.Soap12 : SoapVersion.Soap11)).Move;
        judged.ShouldBeOfType(code is "Server" or "Receiver" ? typeof(NextMove.Reconcile) : typeof(NextMove.Park));
    }

    [Theory]
    // Node's server writes a nil whose prefix nobody declared.
    [InlineData("text/xml", "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Receipt xmlns='urn:test:transit'><MessageId>ID</MessageId><Code>OK</Code><Text xsi:nil='true'/></Receipt></s:Body></s:Envelope>", "not acceptable XML")]
    // Values by reference, as encoded answers have them.
    [InlineData("text/xml", "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Receipt xmlns='urn:test:transit'><MessageId href='#a'/><Code href='#b'/></Receipt><multiRef id='a'>ID</multiRef><multiRef id='b'>OK</multiRef></s:Body></s:Envelope>", "nothing stands at MessageId")]
    [InlineData("multipart/related; type=\"application/xop+xml\"; start=\"<a>\"; start-info=\"text/xml\"; boundary=\"x\"", "--x\r\nContent-Type: application/xop+xml; type=\"text/xml\"\r\nContent-ID: <a>\r\n\r\n<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Receipt xmlns='urn:test:transit'><MessageId>ID</MessageId><Code>OK</Code></Receipt></s:Body></s:Envelope>\r\n--x--", "not acceptable XML")]
    // A wrapper of another operation's style.
    [InlineData("text/xml", "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><NotifyResponse xmlns='urn:test:transit'><Receipt><MessageId>ID</MessageId><Code>OK</Code></Receipt></NotifyResponse></s:Body></s:Envelope>", "its root is {urn:test:transit}NotifyResponse")]
    public async Task What_cannot_be_read_for_certain_is_an_unknown_outcome_that_says_why(string type, string answer, string why)
    {
        await using var peer = await WebPeer.AnsweringAsync(200, type, answer.Replace(">ID<", $">{Samples.MessageId}<", StringComparison.Ordinal));

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        move.ShouldBeOfType<NextMove.Reconcile>();
        evidence.Detail.ShouldContain(why);
    }

    /// <summary>What servers answer to an operation that has no answer: it says that the bytes arrived, and no more.</summary>
    [Theory]
    [InlineData(200, null)]
    [InlineData(200, "text/xml; charset=utf-8")]
    [InlineData(202, null)]
    [InlineData(202, "text/xml; charset=utf-8")]
    [InlineData(204, null)]
    [InlineData(204, "text/xml; charset=utf-8")]
    public async Task An_answer_without_content_is_no_receipt_with_or_without_a_type(int status, string? type)
    {
        foreach (var version in Enum.GetValues<SoapVersion>())
        {
            await using var peer = await WebPeer.AnsweringAsync(status, type, "");

            var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint, version));

            move.ShouldBeOfType<NextMove.Reconcile>();
            (evidence.HttpStatus, evidence.RequestLeft).ShouldBe((status, true));
            evidence.Detail.ShouldContain("it is empty");
        }
    }

    public void Dispose()
    {
        _sender.Dispose();
        GC.SuppressFinalize(this);
    }
}
