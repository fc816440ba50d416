using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The pages from which legacy teams implement: every sample is valid, and every request in them does at a running host what the page says.</summary>
public sealed partial class LegacyPageTests : IAsyncLifetime
{
    private const string Password = "a-password-that-both-sides-hold";
    private const string SampleId = "0f6a0c3f5d1e4b7a9c2d3e4f50617283";

    private TestHost _host = null!;

    static LegacyPageTests() => Environment.SetEnvironmentVariable("CT_TEST_PAGES", Password);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Neighbours:kenya:Callers:0"] = "kra",
            ["Neighbours:kenya:Country"] = "KE",
            ["Neighbours:kenya:Registers"] = "true",
            ["Neighbours:kenya:Sends"] = "kenya",
            ["Destinations:kenya:Transport"] = "Pull",
            ["Destinations:kenya:Document"] = "wco-declaration",
            ["Destinations:kenya:Pull:Callers:0"] = "kra",
            ["Destinations:gate:Transport"] = "Pull",
            ["Destinations:gate:Document"] = "manifest-notification",
            ["Destinations:gate:Pull:Callers:0"] = "gate-1",
        };
        foreach (var (service, caller) in new[] { ("transit-registration", "legacy"), ("notifications", "gate-1"), ("notifications", "kra"), ("wco-exchange", "kra") })
        {
            settings[$"SoapServices:Services:{service}:Callers:{caller}:Operations:0"] = "*";
            settings[$"SoapServices:Services:{service}:Callers:{caller}:Password"] = "env:CT_TEST_PAGES";
        }

        _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = settings });
        foreach (var caller in (string[])["legacy", "gate-1", "kra"])
        {
            await _host.Services.GetRequiredService<IPrincipalStore>().AddAsync(caller, [Roles.Caller], new Actor("test"), Cancel);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("transit-registration", 2, "soap/transit-registration.xsd")]
    [InlineData("notifications", 6, "soap/notifications.xsd", "soap/manifest-notification.xsd")]
    [InlineData("wco-exchange", 4, "wco/metadata.xsd", "wco/declaration.xsd", "wco/response.xsd")]
    [InlineData("receiving", 8, "soap/manifest-notification.xsd", "soap/transportation-notification.xsd")]
    public void Every_sample_is_valid(string page, int count, params string[] schemas)
    {
        var samples = Samples(page);
        samples.Count.ShouldBe(count);
        var set = SchemaCatalogue.SchemasOf(schemas);
        foreach (var sample in samples)
        {
            var content = Content(sample);
            var problems = new List<string>();
            var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = set, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
            settings.ValidationEventHandler += (_, problem) => problems.Add(problem.Message);
            using var reader = XmlReader.Create(content.CreateReader(), settings);
            while (reader.Read())
            {
            }

            problems.ShouldBeEmpty(content.ToString());
        }
    }

    [Fact]
    public async Task The_registration_registers()
    {
        var answer = await SendAsync("transit-registration", Envelopes("transit-registration").ShouldHaveSingleItem());

        answer.Descendants((XNamespace)SoapDoor.Registration + "Accepted").ShouldHaveSingleItem().Value.ShouldBe("true", answer.ToString());
    }

    [Fact]
    public async Task The_notifications_are_fetched_accepted_and_refused()
    {
        var (ask, accept, refuse) = Envelopes("notifications") is [var first, var second, var third] ? (first, second, third) : throw new InvalidOperationException("The page has other samples.");
        var departure = Envelopes("wco-exchange")[0];
        await SendAsync("wco-exchange", departure);

        (await SendAsync("notifications", WithOwn(accept, await SendAsync("notifications", ask), "DEPARTURE"))).Descendants(Notes + "Code").ShouldHaveSingleItem().Value.ShouldBe("settled");

        await SendAsync("wco-exchange", departure.Replace(">DEPARTURE<", ">ARRIVAL<").Replace(">525<", ">524<").Replace("KE-2026-0000001", "KE-2026-0000002").Replace("<StatementDescription>1<", "<StatementDescription>2<"));
        (await SendAsync("notifications", WithOwn(refuse, await SendAsync("notifications", ask), "ARRIVAL"))).Descendants(Notes + "Code").ShouldHaveSingleItem().Value.ShouldBe("parked");
    }

    [Fact]
    public async Task The_exchange_is_accepted_answered_and_asked_again()
    {
        var (departure, confirm, again) = Envelopes("wco-exchange") is [var first, var second, var third] ? (first, second, third) : throw new InvalidOperationException("The page has other samples.");
        Code(await SendAsync("wco-exchange", departure)).ShouldBe("01");
        Code(await SendAsync("wco-exchange", departure)).ShouldBe("01");

        var pending = await SendAsync("notifications", Envelopes("notifications")[0].Replace(">gate-1<", ">kra<"));
        var ours = pending.Descendants(Notes + "MessageId").ShouldHaveSingleItem().Value;
        string Own(string envelope) => envelope.Replace(SampleId, ours).Replace(Guid.Parse(SampleId).ToString("D"), Guid.Parse(ours).ToString("D"));

        Code(await SendAsync("wco-exchange", Own(confirm))).ShouldBe("02");
        Code(await SendAsync("wco-exchange", Own(again))).ShouldBe("02");
        var repeated = await SendAsync("notifications", Envelopes("notifications")[0].Replace(">gate-1<", ">kra<"));
        repeated.Descendants(Notes + "MessageId").ShouldHaveSingleItem().Value.ShouldBe(ours, "asked for again, it comes again under its own id");
    }

    private static XNamespace Notes => Contracts.Customs.CustomsNamespaces.Notifications;

    private static string Code(XElement answer) => answer.Descendants((XNamespace)"urn:wco:datamodel:WCO:RES-DMS:2" + "FunctionCode").ShouldHaveSingleItem(answer.ToString()).Value;

    private static string WithOwn(string acknowledge, XElement pending, string kind)
    {
        var message = pending.Descendants(Notes + "Message").ShouldHaveSingleItem(pending.ToString());
        message.Element(Notes + "Kind")!.Value.ShouldBe(kind);
        return acknowledge.Replace(SampleId, message.Element(Notes + "MessageId")!.Value).Replace("<Lease>1<", $"<Lease>{message.Element(Notes + "Lease")!.Value}<");
    }

    private async Task<XElement> SendAsync(string service, string envelope)
    {
        using var content = new StringContent(envelope, Encoding.UTF8, envelope.Contains(SoapDoor.Soap11, StringComparison.Ordinal) ? "text/xml" : "application/soap+xml");
        using var answer = await _host.Anonymous.PostAsync(new Uri($"/soap/{service}", UriKind.Relative), content, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return XmlInput.Load(Encoding.UTF8.GetBytes(text)).Root!;
    }

    private static List<string> Envelopes(string page) => [.. Samples(page).Where(sample => sample.StartsWith("<soap:Envelope", StringComparison.Ordinal))];

    private static List<string> Samples(string page) =>
        [.. Sample().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pages", page + ".md"))).Select(match => match.Groups["xml"].Value.Trim())];

    private static XElement Content(string sample)
    {
        var root = XmlInput.Load(Encoding.UTF8.GetBytes(sample)).Root!;
        return root.Name.LocalName == "Envelope" ? root.Element(root.Name.Namespace + "Body")!.Elements().Single() : root;
    }

    [GeneratedRegex("```xml\n(?<xml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
