using Adapter.Host.Brokers;
using Adapter.Host.Ingest.Amqp;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Tests.Ingest;

public class ServiceBusRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_connection_string_is_read_as_the_portal_shows_it()
    {
        var read = ServiceBusConnection.Parse(" Endpoint=sb://space.servicebus.windows.net/ ;SharedAccessKeyName=listen; sharedaccesskey=a+b/c==;EntityPath=q;;");

        read.ShouldBe(new ServiceBusConnection(new BrokerAddress("space.servicebus.windows.net", 5671, Tls: true, null, null), "listen", "a+b/c==", null, "q"));
    }

    [Theory]
    [InlineData("Endpoint=sb://127.0.0.1;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true", "127.0.0.1:5672", false)]
    [InlineData("Endpoint=sb://localhost:5700;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true", "localhost:5700", false)]
    [InlineData("Endpoint=sb://localhost:5700;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=True", "localhost:5700", true)]
    [InlineData("Endpoint=sb://a.example:444/;SharedAccessSignature=SharedAccessSignature sr=x&sig=y&se=1&skn=z", "a.example:444", true)]
    public void Only_an_emulator_goes_without_TLS(string text, string address, bool tls)
    {
        var read = ServiceBusConnection.Parse(text);

        (read.Address.ToString(), read.Address.Tls).ShouldBe((address, tls));
    }

    [Theory]
    [InlineData("Endpoint=sb://a.example;SharedAccessKeyName=k;SharedAccessKey=the-secret;UseDevelopmentEmulator=true", "UseDevelopmentEmulator is for this machine alone")]
    [InlineData("SharedAccessKeyName=k;SharedAccessKey=the-secret", "Endpoint is not sb://")]
    [InlineData("Endpoint=https://a.example;SharedAccessKeyName=k;SharedAccessKey=the-secret", "Endpoint is not sb://")]
    [InlineData("Endpoint=sb://a.example;SharedAccessKeyName=k", "gives SharedAccessKeyName and SharedAccessKey")]
    [InlineData("Endpoint=sb://a.example;SharedAccessKeyName=k;SharedAccessKey=the-secret;SharedAccessSignature=x", "gives SharedAccessKeyName and SharedAccessKey")]
    [InlineData("Endpoint=sb://a.example;the-secret", "no name=value")]
    [InlineData("Endpoint=sb://a.example;=the-secret", "no name=value")]
    [InlineData("Endpoint=sb://a.example;endpoint=sb://b.example", "twice")]
    public void Another_form_is_refused_without_repeating_it(string text, string why)
    {
        var refused = Should.Throw<FormatException>(() => ServiceBusConnection.Parse(text));

        refused.Message.ShouldContain(why);
        refused.Message.ShouldNotContain("the-secret");
    }

    [Fact]
    public void A_token_is_signed_with_the_key_as_it_is_written()
    {
        // Computed with openssl: printf 'sb%3A%2F%2Fhost%2Fq\n1783598400' | openssl dgst -sha256 -hmac 'a+b/c=='
        SharedAccessToken.Create("sb://host/q", "listen", "a+b/c==", Noon)
            .ShouldBe("SharedAccessSignature sr=sb%3A%2F%2Fhost%2Fq&sig=u%2BZq1s7xsh0uDKDUubrYiu7Bb1DLpGucvewcNvLoKJo%3D&se=1783598400&skn=listen");
    }

    [Theory]
    [InlineData("SharedAccessSignature sr=x&sig=y&se=1783598400&skn=z", 1783598400L)]
    [InlineData("SharedAccessSignature sr=x&sig=y&se=soon&skn=z", null)]
    [InlineData("SharedAccessSignature sr=x&sig=y&se=99999999999999999", null)]
    [InlineData("no token", null)]
    public void A_ready_made_token_says_when_it_ends(string token, long? seconds) =>
        (SharedAccessToken.ExpiryOf(token)?.ToUnixTimeSeconds()).ShouldBe(seconds);

    [Fact]
    public void A_lock_is_renewed_by_a_clock_that_nobody_sets()
    {
        var time = new SteppedClock();
        var held = new MessageLock(Guid.Empty, ends: true, time);
        time.SetBack(TimeSpan.FromHours(1));

        time.Pass(TimeSpan.FromSeconds(1.9));
        held.IsDue.ShouldBeFalse();
        time.Pass(TimeSpan.FromSeconds(0.1));
        held.IsDue.ShouldBeTrue();
        held.Renewed();
        held.IsDue.ShouldBeFalse();
        time.Pass(TimeSpan.FromDays(1));
        held.IsDue.ShouldBeTrue();
        held.Lost();
        held.IsDue.ShouldBeFalse();
    }

    [Fact]
    public void A_message_without_an_id_goes_by_the_number_that_the_service_gave()
    {
        var wire = new Message { MessageAnnotations = new MessageAnnotations() };
        wire.MessageAnnotations[new Symbol("x-opt-sequence-number")] = 42L;

        new BrokerMessage(wire, TimeProvider.System).Id.ShouldBe("sequence 42");
        wire.Properties = new Properties { MessageId = "m-1" };
        new BrokerMessage(wire, TimeProvider.System).Id.ShouldBe("m-1");
        new BrokerMessage(new Message(), TimeProvider.System).Id.ShouldBeNull();
    }

    [Fact]
    public void What_has_no_limit_is_not_renewed()
    {
        var time = new SteppedClock();
        var held = new MessageLock(Guid.Empty, ends: false, time);

        time.Pass(TimeSpan.FromDays(1));
        held.IsDue.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Endpoint=sb://a.example", false, "neither SharedAccessKeyName")]
    [InlineData("Endpoint=sb://a.example", true, null)]
    [InlineData("Endpoint=sb://a.example;SharedAccessKeyName=k;SharedAccessKey=s", false, null)]
    [InlineData("Endpoint=sb://a.example;SharedAccessKeyName=k;SharedAccessKey=s", true, "Leave one of them out")]
    [InlineData("Endpoint=sb://a.example;SharedAccessSignature=x;EntityPath=other", false, "is for other")]
    public void One_thing_says_who_we_are(string connection, bool entra, string? error)
    {
        var errors = BrokerOptionsRules.Check(new BrokerOptions
        {
            Protocol = BrokerProtocol.ServiceBus,
            Queue = "q",
            Connection = Secret(connection),
            Entra = entra ? new EntraSettings { Tenant = "customs.example", Client = "c", Secret = Secret("a-long-enough-secret") } : null,
        }).ToList();

        if (error is null)
        {
            errors.ShouldBeEmpty();
        }
        else
        {
            errors.ShouldHaveSingleItem().ShouldContain(error);
        }
    }

    [Fact]
    public void All_that_is_wrong_with_Entra_is_told_together() =>
        BrokerOptionsRules.Check(new BrokerOptions
        {
            Protocol = BrokerProtocol.ServiceBus,
            Queue = "q",
            Connection = Secret("Endpoint=sb://a.example"),
            Entra = new EntraSettings { Authority = "http://login.example" },
        }).Select(error => error.Split(". ")[0]).ShouldBe(
        [
            ":Entra: give Tenant and Client, the ids of the directory and of the application.",
            ":Entra:Authority: 'http://login.example' is no https:// address",
            ":Entra:Secret: give env:NAME or file:/path; what it names holds the application's secret.",
        ]);

    private static string Secret(string value)
    {
        var variable = $"CT_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, value);
        return $"env:{variable}";
    }

    /// <summary>A clock whose hands can be set, and whose passing time goes on.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _passed;
        private DateTimeOffset _now = Noon;

        public void Pass(TimeSpan time) => (_passed, _now) = (_passed + time, _now + time);

        public void SetBack(TimeSpan time) => _now -= time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;
    }
}
