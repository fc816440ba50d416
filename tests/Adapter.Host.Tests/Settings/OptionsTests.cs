using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Ingest;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Adapter.Host.Tests.Flow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Tests.Settings;

public sealed class OptionsTests : IDisposable
{
    private readonly string _secret = $"CT_TEST_{Guid.NewGuid():N}";

    public OptionsTests() => Environment.SetEnvironmentVariable(_secret, "0123456789abcdef");

    [Fact]
    public void The_defaults_are_valid()
    {
        new IngestOptionsValidator().Validate(null, new IngestOptions()).ShouldBe(ValidateOptionsResult.Success);
        new StorageOptionsValidator().Validate(null, new StorageOptions()).ShouldBe(ValidateOptionsResult.Success);
        new JourneyOptionsValidator().Validate(null, new JourneyOptions()).ShouldBe(ValidateOptionsResult.Success);
        new OutboundOptionsValidator().Validate(null, new OutboundOptions()).ShouldBe(ValidateOptionsResult.Success);
        new DestinationSeedsValidator().Validate(null, []).ShouldBe(ValidateOptionsResult.Success);
    }

    [Fact]
    public void A_source_needs_one_secret_or_two_while_one_is_replaced()
    {
        Ingest(o => o.Sources["joint"] = Source($"env:{_secret}")).ShouldBeEmpty();
        Ingest(o => o.Sources["joint"] = Source($"env:{_secret}", $"env:{_secret}")).ShouldBeEmpty();
        Ingest(o => o.Sources["joint"] = Source()).ShouldHaveSingleItem().ShouldStartWith("Ingest:Sources:joint: says no way");
        Ingest(o => o.Sources["joint"] = Source($"env:{_secret}", $"env:{_secret}", $"env:{_secret}")).ShouldHaveSingleItem().ShouldContain("there are 3");
    }

    [Fact]
    public void A_secret_that_cannot_be_read_is_named_at_start() =>
        Ingest(o => o.Sources["joint"] = Source("env:NO_SUCH_VARIABLE_HERE")).ShouldHaveSingleItem().ShouldContain("NO_SUCH_VARIABLE_HERE is not set");

    [Fact]
    public void All_errors_of_intake_are_told_together()
    {
        var errors = Ingest(o =>
        {
            (o.MaxBodyBytes, o.MaxRecords, o.Patience) = (10, 0, TimeSpan.Zero);
            o.Sources["joint"] = new SourceOptions { Header = "X Secret:", Secrets = [$"env:{_secret}"] };
        });

        errors.Select(e => string.Join(':', e.Split(':').Take(e.StartsWith("Ingest:Sources", StringComparison.Ordinal) ? 4 : 2))).ShouldBe(
            ["Ingest:Sources:joint:Header", "Ingest:MaxBodyBytes", "Ingest:MaxRecords", "Ingest:Patience"], ignoreOrder: true);
    }

    [Fact]
    public void A_source_has_one_way_in()
    {
        Ingest(o => o.Sources["a"] = new SourceOptions { Principals = ["cloud-1", "cloud-2"] }).ShouldBeEmpty();
        Ingest(o => o.Sources["a"] = new SourceOptions { SigningKeys = [$"env:{_secret}"] }).ShouldBeEmpty();
        Ingest(o => o.Sources["a"] = new SourceOptions { SigningKeys = [$"env:{_secret}"], Secrets = [$"env:{_secret}"] })
            .ShouldHaveSingleItem().ShouldBe("Ingest:Sources:a: gives Secrets and SigningKeys. A source is as safe as its weakest way in; give one.");
        Ingest(o => o.Sources["a"] = new SourceOptions { Principals = ["1", "2", "3"] }).ShouldHaveSingleItem().ShouldStartWith("Ingest:Sources:a:Principals: give one name");
        Ingest(o => (o.Sources["a"], o.Sources["b"]) = (new SourceOptions { Principals = ["cloud"] }, new SourceOptions { Principals = ["cloud"] }))
            .ShouldHaveSingleItem().ShouldStartWith("Ingest:Sources: the principal cloud speaks for a and b.");
    }

    [Fact]
    public void A_signing_key_in_the_form_of_Standard_Webhooks_holds_base64()
    {
        Environment.SetEnvironmentVariable(_secret, "whsec_" + Convert.ToBase64String(new byte[16]));
        Ingest(o => o.Sources["a"] = new SourceOptions { SigningKeys = [$"env:{_secret}"] }).ShouldBeEmpty();

        Environment.SetEnvironmentVariable(_secret, "whsec_no base64 at all");
        Ingest(o => o.Sources["a"] = new SourceOptions { SigningKeys = [$"env:{_secret}"] }).ShouldHaveSingleItem().ShouldStartWith("Ingest:Sources:a:SigningKeys: The signing key 'env:");

        Environment.SetEnvironmentVariable(_secret, "whsec_" + Convert.ToBase64String(new byte[15]));
        Ingest(o => o.Sources["a"] = new SourceOptions { SigningKeys = [$"env:{_secret}"] }).ShouldHaveSingleItem().ShouldNotContain("AAAA");
    }

    [Fact]
    public void Everything_wrong_with_a_source_is_told_with_its_setting()
    {
        var errors = Ingest(o => o.Sources["a"] = new SourceOptions
        {
            Secrets = [$"env:{_secret}"],
            Addresses = ["10.0.0.0/8", "10.0.0.300", "::1"],
            SigningWindow = TimeSpan.FromSeconds(1),
            RatePerSecond = 0,
            Burst = 0,
        });

        errors.Select(e => string.Join(':', e.Split(':').Take(4))).ShouldBe(
            ["Ingest:Sources:a:SigningWindow", "Ingest:Sources:a:Addresses", "Ingest:Sources:a:RatePerSecond", "Ingest:Sources:a:Burst"], ignoreOrder: true);
        Ingest(o => o.Sources["a"] = new SourceOptions { Secrets = [$"env:{_secret}"], Burst = 5 }).ShouldHaveSingleItem().ShouldContain("without RatePerSecond");
    }

    [Fact]
    public void The_bounds_of_waiting_and_pace_are_checked()
    {
        Ingest(o => (o.MaxBodyBytes, o.MaxBytesInFlight) = (1 << 20, (1 << 21) - 1)).ShouldHaveSingleItem().ShouldStartWith("Ingest:MaxBytesInFlight");
        Ingest(o => (o.MaxWaiting, o.MinBodyBytesPerSecond, o.BodyGrace) = (0, 0, TimeSpan.FromSeconds(1))).Select(e => e.Split(':')[1])
            .ShouldBe(["MaxWaiting", "MinBodyBytesPerSecond", "BodyGrace"]);
    }

    [Fact]
    public void The_stores_are_SQLite_and_PostgreSQL()
    {
        Errors(new StorageOptionsValidator().Validate(null, new StorageOptions { Provider = "postgres" })).ShouldBeEmpty();
        Errors(new StorageOptionsValidator().Validate(null, new StorageOptions { Provider = "oracle" })).ShouldHaveSingleItem().ShouldContain("must be 'sqlite' or 'postgres'");
    }

    [Fact]
    public void A_store_needs_a_connection_and_a_queue()
    {
        var errors = Errors(new StorageOptionsValidator().Validate(null, new StorageOptions { ConnectionString = "", WriteQueue = 1 }));

        errors.Count.ShouldBe(2);
        errors.ShouldContain(e => e.Contains("ConnectionString", StringComparison.Ordinal));
        errors.ShouldContain(e => e.Contains("WriteQueue", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_of_the_fold_outside_their_range_are_told_together() =>
        Errors(new JourneyOptionsValidator().Validate(null, new JourneyOptions
        {
            Horizon = TimeSpan.FromHours(1),
            LateAfter = TimeSpan.Zero,
            MatchingWindow = TimeSpan.FromHours(2),
            AttachWindow = TimeSpan.FromDays(15),
        })).Count.ShouldBe(4);

    [Fact]
    public void A_destination_that_has_everything_is_valid() => Seeds("customs-1", FlowBench.Receiver("x")).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("über")]
    [InlineData("a-name-of-more-than-thirty-five-chars")]
    public void A_destination_s_name_is_part_of_every_message_id_and_therefore_plain(string name) =>
        Seeds(name, FlowBench.Receiver("x")).ShouldHaveSingleItem().ShouldContain("1 to 35 letters, digits and hyphens");

    [Fact]
    public void A_list_of_kinds_in_the_settings_replaces_the_default_of_all_kinds()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("manifest:Document", "d"), new("manifest:Subscribes:0", "SEAL"), new("border:Document", "d")]).Build();
        var seeds = settings.Get<DestinationSeeds>()!;

        seeds.All().ToDictionary(d => d.Name, d => string.Join(' ', d.Subscribes)).ShouldBe(new Dictionary<string, string> { ["manifest"] = "SEAL", ["border"] = "*" }, ignoreOrder: true);
    }

    [Fact]
    public void A_destination_that_fetches_its_messages_names_its_callers_and_nothing_that_calling_needs()
    {
        var fetching = new Destination { Name = "gate", Document = "manifest-notification", Transport = SoapTransportKind.Pull, Pull = new PullRule { Callers = ["gate-1"] } };

        DestinationRules.Check("x", "gate", fetching).ShouldBeEmpty();
        DestinationRules.Check("x", "gate", fetching with { Pull = null }).ShouldHaveSingleItem().ShouldStartWith("x:Pull:Callers: ");
        DestinationRules.Check("x", "gate", fetching with { Pull = new PullRule { Callers = ["gate-1"], Lease = TimeSpan.FromSeconds(1) } }).ShouldHaveSingleItem().ShouldStartWith("x:Pull:Lease ");
        DestinationRules.Check("x", "gate", fetching with { Endpoint = new Uri("https://gate.example/") }).ShouldHaveSingleItem().ShouldContain("Endpoint");
        DestinationRules.Check("x", "gate", fetching with { Transport = SoapTransportKind.Raw }).Count().ShouldBe(3, "endpoint, reply, and a rule that nothing would read");
    }

    [Fact]
    public void All_errors_of_a_destination_are_told_together_with_their_settings()
    {
        var errors = Seeds("manifest", FlowBench.Receiver("x") with
        {
            Endpoint = new Uri("ftp://customs.example/"),
            Document = " ",
            Reply = new ReplyRule { Root = "{u}r", Id = "id", Code = "code" },
            Inquiry = new Inquiry { Action = "", Request = "{u}q", RequestId = "", Reply = "{u}a", ReplyId = "id", ReplyCode = "code", Known = ["Y"], Unknown = ["N"] },
            MaxAttempts = 0,
            AttemptTimeout = TimeSpan.FromSeconds(1),
        });

        errors.Select(e => e[..e.IndexOf(": ", StringComparison.Ordinal)]).ShouldBe([
            "Destinations:manifest:Endpoint", "Destinations:manifest:Reply", "Destinations:manifest:Document", "Destinations:manifest:Inquiry",
            "Destinations:manifest", "Destinations:manifest"]);
    }

    [Fact]
    public void A_destination_takes_its_name_from_its_key() =>
        new DestinationSeeds { ["manifest"] = FlowBench.Receiver("") }.All().ShouldHaveSingleItem().Name.ShouldBe("manifest");

    [Theory]
    [InlineData("customs.example:443", true)]
    [InlineData("10.0.0.7:8080", true)]
    [InlineData("[2001:db8::5]:8443", true)]
    [InlineData("bücher.example:443", true)]
    [InlineData("customs.example", false)]
    [InlineData("customs.example:0", false)]
    [InlineData("customs.example:65536", false)]
    [InlineData("customs.example:+443", false)]
    [InlineData("https://customs.example:443", false)]
    [InlineData("2001:db8::5:8443", false)]
    [InlineData("*.example:443", false)]
    [InlineData("a..example:443", false)]
    [InlineData(":443", false)]
    [InlineData("", false)]
    public void A_receiver_is_allowed_as_host_and_port(string entry, bool valid)
    {
        var errors = Errors(new OutboundOptionsValidator().Validate(null, new OutboundOptions { Allow = [entry] }));

        errors.Count.ShouldBe(valid ? 0 : 1);
        errors.ShouldAllBe(e => e.StartsWith($"Outbound:Allow: '{entry}' is not host:port", StringComparison.Ordinal));
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_secret, null);

    private static SourceOptions Source(params string[] secrets) => new() { Secrets = secrets };

    private static List<string> Ingest(Action<IngestOptions> set)
    {
        var options = new IngestOptions();
        set(options);
        return Errors(new IngestOptionsValidator().Validate(null, options));
    }

    private static List<string> Seeds(string name, Destination destination) =>
        Errors(new DestinationSeedsValidator().Validate(null, new DestinationSeeds { [name] = destination }));

    private static List<string> Errors(ValidateOptionsResult result) => [.. result.Failures ?? []];
}
