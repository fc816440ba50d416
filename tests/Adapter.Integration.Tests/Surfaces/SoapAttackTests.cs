using System.Net;
using System.Text;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Hostile messages at the SOAP doors, each with what it is answered. The host serves the next caller after each.</summary>
public sealed class SoapAttackTests : IAsyncLifetime
{
    private SoapDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public async ValueTask DisposeAsync()
    {
        (await _door.CallAsync(SoapDoor.Query()))["Found"].ShouldNotBeNull();
        _door.Host.Log.Text.ShouldNotContain(SoapDoor.Password);
        await _door.DisposeAsync();
    }

    public static TheoryData<string, string> Documents => new()
    {
        { "<!DOCTYPE x>", "soap.dtd" },
        { "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "soap.dtd" },
        { "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\">", "soap.dtd" },
        { "<!DOCTYPE x SYSTEM \"\\\\host\\share\\x.dtd\">", "soap.dtd" },
        { "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>", "soap.dtd" },
        { "<?xml version=\"1.1\"?>", "soap.not-xml" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Attack_26_and_28_a_document_type_is_refused_before_anything_of_it_is_read(string prolog, string code)
    {
        var answer = await _door.SendAsync(prolog + SoapDoor.Envelope(SoapDoor.Query("&e;"), _door.Digest()));

        (answer.Code, answer.Status).ShouldBe((code, HttpStatusCode.InternalServerError), answer.Text);
        (await _door.SendAsync(prolog + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(), SoapDoor.Soap12), "application/soap+xml")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Attack_27_nothing_that_a_message_points_to_is_fetched()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var there = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        string[] messages =
        [
            $"<!DOCTYPE x SYSTEM \"{there}x.dtd\">" + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()),
            $"<!DOCTYPE x [<!ENTITY e SYSTEM \"{there}e\">]>" + SoapDoor.Envelope(SoapDoor.Query("&e;"), _door.Digest()),
            $"<!DOCTYPE x [<!ENTITY % p SYSTEM \"{there}p\"> %p;]>" + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()),
            $"<?xml-stylesheet href=\"{there}s.xsl\"?>" + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()),
            SoapDoor.Envelope(SoapDoor.Query().Replace("<QueryMovement ", $"<QueryMovement xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"{SoapDoor.Registration} {there}x.xsd\" ", StringComparison.Ordinal), _door.Digest()),
            SoapDoor.Envelope(SoapDoor.Query().Replace("</QueryMovement>", $"<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\"{there}i\"/></QueryMovement>", StringComparison.Ordinal), _door.Digest()),
        ];
        foreach (var message in messages)
        {
            (await _door.SendAsync(message)).Envelope.ShouldNotBeNull();
        }

        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Attack_29_and_30_depth_attributes_and_names_have_bounds()
    {
        string[] bodies =
        [
            string.Concat(Enumerable.Repeat("<a>", 65)),
            string.Concat(Enumerable.Repeat("<a>", 100_000)),
            "<a " + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i}=\"\" ")) + "/>",
            "<" + new string('n', 1_000_000) + "/>",
            "<a b=\"" + new string('v', 100_000) + "\"/>",
        ];
        foreach (var body in bodies)
        {
            (await _door.SendAsync(SoapDoor.Envelope(body, _door.Digest()))).Code.ShouldBe("soap.limits", body[..20]);
        }
    }

    [Fact]
    public async Task Attack_31_a_message_above_the_limit_is_answered_413()
    {
        var large = SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()).PadRight((2 * 1024 * 1024) + 1);

        (await _door.SendAsync(large[..^1]))["Found"].ShouldBe("false");
        // The host closes a connection on which it has refused a body, so none of these is used again.
        (await _door.SendAsync(large, headers: [("Transfer-Encoding", "chunked"), ("Connection", "close")])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        // Refused unread, so it leaves only when the host asks for it: else the refusal breaks the sending.
        (await _door.SendAsync(large, headers: [("Expect", "100-continue"), ("Connection", "close")])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Attack_32_a_place_for_schemas_and_a_style_sheet_mean_nothing()
    {
        var body = SoapDoor.Query().Replace("<QueryMovement ", "<QueryMovement xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:x http://127.0.0.1:9/x.xsd\" ", StringComparison.Ordinal);
        var answer = await _door.SendAsync("<?xml-stylesheet href=\"http://127.0.0.1:9/\"?>" + SoapDoor.Envelope(body, _door.Digest()));

        answer["Found"].ShouldBe("false", answer.Text);
    }

    [Theory]
    [InlineData("<x:t xmlns:x=\"urn:x\" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:mustUnderstand=\"1\"/>", "MustUnderstand")]
    [InlineData("<x:t xmlns:x=\"urn:x\" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:mustUnderstand=\"1\" s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/>", "MustUnderstand")]
    [InlineData("<x:t xmlns:x=\"urn:x\" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:mustUnderstand=\"1\" s:actor=\"urn:somebody-else\"/>", null)]
    [InlineData("<x:t xmlns:x=\"urn:x\"/>", null)]
    public async Task Attack_33_a_header_that_must_be_understood_is_refused_where_it_is_not(string header, string? fault) =>
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest() + header))).FaultCode.ShouldBe(fault);

    [Theory]
    [InlineData(SoapDoor.Soap11, "application/soap+xml")]
    [InlineData(SoapDoor.Soap12, "text/xml")]
    [InlineData("urn:other", "text/xml")]
    public async Task Attack_34_an_envelope_of_another_version_than_its_media_type_is_a_version_mismatch(string soap, string type) =>
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(), soap), type)).FaultCode.ShouldBe("VersionMismatch");

    [Fact]
    public async Task Attack_35_every_way_of_being_nobody_is_answered_with_one_text()
    {
        var now = _door.Host.Clock.GetUtcNow();
        var used = _door.Digest(nonce: "AAAAAAAAAAAAAAAAAAAAAA==");
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), used)))["Found"].ShouldNotBeNull();
        string[] headers =
        [
            used,
            _door.Digest(password: "another-password-of-some-length"),
            _door.Digest(user: "stranger"),
            _door.Digest(user: SoapDoor.Asker, password: ""),
            _door.Digest(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _door.Digest(now.AddSeconds(-301)),
            _door.Digest(now.AddSeconds(310)),
            System.Text.RegularExpressions.Regex.Replace(_door.Digest(), "<w:Nonce>.*</w:Nonce>", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)),
            SoapDoor.TextToken(password: "another-password-of-some-length"),
            SoapDoor.TextToken(user: SoapDoor.Asker, password: "ct_000000000000_0000000000000000000000000000000000000000000000000000000000000000"),
        ];
        foreach (var header in headers)
        {
            var answer = await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), header));
            (answer.Code, answer.FaultCode, answer["Text"]).ShouldBe(("soap.unauthenticated", "FailedAuthentication", "Who calls could not be established."), header);
        }

        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(now.AddSeconds(-295)))))["Found"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Attack_36_two_security_headers_or_two_tokens_are_refused()
    {
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest() + _door.Digest()))).Code.ShouldBe("soap.unauthenticated");
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(more: "<w:UsernameToken><w:Username>x</w:Username><w:Password>y</w:Password></w:UsernameToken>")))).Code.ShouldBe("soap.unauthenticated");
    }

    [Theory]
    [InlineData("<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:SignedInfo/></d:Signature>")]
    [InlineData("<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:SignedInfo><d:Reference URI=\"\"/></d:SignedInfo></d:Signature><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/>")]
    [InlineData("<e:EncryptedKey xmlns:e=\"http://www.w3.org/2001/04/xmlenc#\"/>")]
    [InlineData("<w:BinarySecurityToken>AAAA</w:BinarySecurityToken>")]
    public async Task Attack_37_signed_messages_are_refused_and_told_so_wherever_the_signature_stands(string inside)
    {
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(more: inside)))).Code.ShouldBe("soap.signed");
        if (inside.StartsWith("<d:", StringComparison.Ordinal))
        {
            (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest() + inside))).Code.ShouldBe("soap.signed");
        }
    }

    /// <summary>Ways to have one element signed and another one read. No signature is trusted here, so none of them is a way in.</summary>
    [Theory]
    [InlineData("{0}<x:Wrapper xmlns:x=\"urn:x\"><s:Body xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" Id=\"b\"><signed/></s:Body></x:Wrapper>", "<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:SignedInfo><d:Reference URI=\"#b\"/></d:SignedInfo></d:Signature>", "soap.signed")]
    [InlineData("{0}", "<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:SignedInfo><d:Reference URI=\"\"><d:Transforms><d:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/></d:Transforms></d:Reference></d:SignedInfo></d:Signature>", "soap.signed")]
    [InlineData("{0}", "<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"><d:SignedInfo><d:SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><d:HMACOutputLength>1</d:HMACOutputLength></d:SignatureMethod></d:SignedInfo><d:KeyInfo/></d:Signature>", "soap.signed")]
    [InlineData("{0}", "<w:SecurityTokenReference><d:X509Data xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/></w:SecurityTokenReference>", "soap.signed")]
    [InlineData("{0}", "<Signature xmlns=\"urn:not-xmldsig\"/>", "soap.unauthenticated")]
    [InlineData("{0}", "<s:Assertion xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>", "soap.unauthenticated")]
    [InlineData("{0}<w:Security xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\"/>", "", "soap.unauthenticated")]
    public async Task Attack_37_a_wrapped_or_weak_signature_opens_nothing(string headers, string inside, string code) =>
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), headers.Replace("{0}", _door.Digest(more: inside), StringComparison.Ordinal)))).Code.ShouldBe(code);

    [Theory]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Body>{2}</s:Body><s:Body>{2}</s:Body></s:Envelope>")]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Body>{2}{2}</s:Body></s:Envelope>")]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Body/></s:Envelope>")]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Header/><s:Body>{2}</s:Body></s:Envelope>")]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Body>text{2}</s:Body></s:Envelope>")]
    [InlineData("<s:Envelope xmlns:s=\"{0}\"><s:Header>{1}</s:Header><s:Body>{2}</s:Body><x/></s:Envelope>")]
    public async Task Attack_42_an_envelope_with_two_of_anything_is_refused(string form) =>
        (await _door.SendAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, SoapDoor.Soap11, _door.Digest(), SoapDoor.Movement()))).Code.ShouldBe("soap.body");

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        (await _door.SendAsync([.. Encoding.UTF8.GetBytes("<s:Envelope xmlns:s=\"" + SoapDoor.Soap11 + "\">"), 0xC3, 0x28], "text/xml; charset=utf-8")).Code.ShouldBe("soap.not-xml");
        (await _door.SendAsync([0xFF, 0xFE, 0x3C], "text/xml; charset=utf-16")).Code.ShouldBe("soap.not-xml");
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest())[..^3])).Code.ShouldBe("soap.not-xml");
        (await _door.SendAsync("")).Code.ShouldBe("soap.not-xml");
    }

    [Fact]
    public async Task Attack_41_and_42_an_id_is_text_whatever_it_looks_like_and_however_it_is_written()
    {
        const string id = "' or '1'='1";
        (await _door.CallAsync(SoapDoor.Movement(id)))["Accepted"].ShouldBe("true");
        (await _door.CallAsync(SoapDoor.Query("x")))["Found"].ShouldBe("false");

        foreach (var written in new[] { "<![CDATA[' or '1'='1]]>", "' or <!-- x -->'1'='1", "&#39; or <?x y?>'1'='1" })
        {
            (await _door.CallAsync(SoapDoor.Query(written)))["MovementId"].ShouldBe(id, written);
        }

        (await _door.CallAsync($"<p:QueryMovement xmlns:p=\"{SoapDoor.Registration}\"><MovementId xmlns=\"{SoapDoor.Registration}\">{id}</MovementId></p:QueryMovement>"))["Found"].ShouldBe("true");
    }
}
