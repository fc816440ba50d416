using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Host.SoapServices;
using CsCheck;

namespace Adapter.Host.Tests.SoapServices;

public class EnvelopeFuzzTests
{
    private const string Good = """
        <?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><w:UsernameToken><w:Username>a</w:Username><w:Password>b</w:Password><w:Nonce>AAAA</w:Nonce><u:Created>2026-01-01T00:00:00Z</u:Created></w:UsernameToken></w:Security><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">m</a:MessageID></s:Header><s:Body><x y='1 > 0'><!-- <b> --><![CDATA[<c>]]></x></s:Body></s:Envelope>
        """;

    private static readonly string[] Pieces =
        ["<", ">", "/>", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?x ", "?>", "<!DOCTYPE x>", "\"", "'", "=", " ", "&lt;", "&#0;", "s:Header", "s:Body", "<s:Body>", "\0", "é", "<w:Security/>", "<a/>", "xmlns=\"\""];

    private static readonly Gen<string> Broken =
        from edits in Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 30], Gen.Int[0, Pieces.Length - 1]).List[1, 5]
        select edits.Aggregate(Good, (text, edit) =>
        {
            var at = Math.Min(edit.Item1, text.Length);
            return text[..at] + Pieces[edit.Item3] + text[Math.Min(text.Length, at + edit.Item2)..];
        });

    [Fact]
    public void Whatever_comes_the_envelope_reader_reads_it_or_refuses_it() => Broken.Sample(text => Take(Encoding.UTF8.GetBytes(text)), iter: 3000);

    [Fact]
    public void Whatever_bytes_come_the_envelope_reader_reads_them_or_refuses_them() => Gen.Byte.Array[0, 200].Sample(Take, iter: 3000);

    [Fact]
    public void The_good_message_is_read_in_full()
    {
        using var reader = Open(Encoding.UTF8.GetBytes(Good));

        var head = reader.ReadHead();

        (head.Body.Name, head.Security!.Token!.User, head.Addressing!.MessageId).ShouldBe(("x", "a", "m"));
        head.Security.Token.ToString().ShouldNotContain("b", Case.Sensitive, "a token prints no password: " + head.Security.Token);
    }

    /// <summary>A guard that sees other tags than the parser would let through what it is for.</summary>
    [Fact]
    public void The_guard_sees_no_tag_where_the_parser_sees_none_and_the_depth_that_it_sees() => Broken.Sample(text =>
    {
        var bytes = Encoding.UTF8.GetBytes($"<r>{text.Replace("<?xml version=\"1.0\"?>", "", StringComparison.Ordinal)}</r>");
        try
        {
            using var parser = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (parser.Read())
            {
            }
        }
        catch (XmlException)
        {
            return;
        }

        Should.NotThrow(() => EnvelopeGuard.Check(bytes), text);
    }, iter: 3000);

    [Theory]
    [InlineData("<a>", 64, null)]
    [InlineData("<a>", 65, "soap.limits")]
    [InlineData("<a/>", 1000, null)]
    [InlineData("<a></a>", 1000, null)]
    [InlineData("<!-- <a> -->", 1000, null)]
    [InlineData("<a b='>'/>", 1000, null)]
    [InlineData("<!--", 1, null)]
    [InlineData("<!DOCTYPE", 1, "soap.dtd")]
    [InlineData("<![CDATA[<!DOCTYPE]]>", 1, null)]
    public void Depth_is_counted_as_a_parser_counts_it(string piece, int times, string? code)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, times)));

        (code is null ? null : Should.Throw<SoapRefusal>(() => EnvelopeGuard.Check(bytes)).Code).ShouldBe(code);
        if (code is null)
        {
            Should.NotThrow(() => EnvelopeGuard.Check(bytes));
        }
    }

    /// <summary>Bounded memory, whatever the size of what is refused.</summary>
    [Fact]
    public void The_guard_refuses_the_deep_the_wide_and_the_long_without_memory()
    {
        byte[][] hostile =
        [
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000))),
            Encoding.UTF8.GetBytes("<a " + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"a{i}=\"\" ")) + "/>"),
            Encoding.UTF8.GetBytes("<" + new string('n', 1_000_000) + "/>"),
            Encoding.UTF8.GetBytes("<a b=\"" + new string('v', 1_000_000) + "\"/>"),
        ];
        foreach (var bytes in hostile)
        {
            // Once for what is made once.
            Should.Throw<SoapRefusal>(() => EnvelopeGuard.Check(bytes)).Code.ShouldBe("soap.limits");
            var before = GC.GetAllocatedBytesForCurrentThread();
            Refuses(bytes).ShouldBeTrue();
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
        }
    }

    private static bool Refuses(byte[] bytes)
    {
        try
        {
            EnvelopeGuard.Check(bytes);
            return false;
        }
        catch (SoapRefusal)
        {
            return true;
        }
    }

    [Fact]
    public void Whatever_stands_in_a_security_header_is_read_or_refused()
    {
        XNamespace wsse = SecurityHeader.Wsse, wsu = SecurityHeader.Wsu;
        XName[] names = [wsse + "UsernameToken", wsse + "Username", wsse + "Password", wsse + "Nonce", wsu + "Created", wsu + "Timestamp", wsu + "Expires", "x", XName.Get("Signature", "http://www.w3.org/2000/09/xmldsig#")];
        string[] texts = ["", "a", "AAAA", "not base64!", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-99-01T00:00:00Z", new string('x', 2000)];
        var name = Gen.Int[0, names.Length - 1].Select(i => names[i]);
        var text = Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
        var element = Gen.Recursive<XElement>((depth, inner) =>
            depth > 3
                ? Gen.Select(name, text).Select((called, says) => new XElement(called, says))
                : Gen.Select(name, text, inner.Array[0, 4]).Select((called, says, children) => new XElement(called, says, children)));
        element.Array[0, 4].Sample(children =>
        {
            try
            {
                SecurityHeader.Read(new XElement(wsse + "Security", children));
            }
            catch (SoapRefusal refusal)
            {
                refusal.Code.ShouldBeOneOf("soap.unauthenticated", "soap.signed");
            }
        }, iter: 3000);
    }

    [Theory]
    [InlineData("text/xml", "text/xml", null, null)]
    [InlineData("text/xml;charset=\"utf-8\"", "text/xml", "utf-8", null)]
    [InlineData("application/soap+xml; action=\"urn:a;b\"; charset=utf-8", "application/soap+xml", "utf-8", "urn:a;b")]
    [InlineData("application/soap+xml;charset=utf-8;action=urn:a/b", "application/soap+xml", "utf-8", "urn:a/b")]
    [InlineData("text/xml;;=;charset", "text/xml", null, null)]
    public void A_content_type_is_read_as_stacks_write_it(string header, string media, string? charset, string? action)
    {
        var type = SoapContentType.Parse(header).ShouldNotBeNull();

        (type.MediaType, string.IsNullOrEmpty(type.Charset) ? null : type.Charset, type.Action).ShouldBe((media, charset, action));
    }

    private static EnvelopeReader Open(byte[] bytes)
    {
        var utf8 = EnvelopeText.ToUtf8(bytes, charset: null);
        EnvelopeGuard.Check(utf8.Span);
        return new EnvelopeReader(utf8, SoapVersion.Soap11);
    }

    private static void Take(byte[] bytes)
    {
        try
        {
            using var reader = Open(bytes);
            reader.ReadHead();
        }
        catch (SoapRefusal refusal)
        {
            refusal.Code.ShouldStartWith("soap.");
        }
    }
}
