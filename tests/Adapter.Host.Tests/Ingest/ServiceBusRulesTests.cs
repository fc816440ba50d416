using Adapter.Host.Brokers;
using Adapter.Host.Ingest.Amqp;

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
    public void A_lock_is_renewed_at_half_of_its_time()
    {
        var held = new MessageLock(Guid.Empty, Noon.AddSeconds(30), Noon);

        held.IsDue(Noon.AddSeconds(14)).ShouldBeFalse();
        held.IsDue(Noon.AddSeconds(15)).ShouldBeTrue();
        held.Renewed(Noon.AddSeconds(15), Noon.AddSeconds(45).UtcDateTime);
        held.IsDue(Noon.AddSeconds(29)).ShouldBeFalse();
        held.Lost();
        held.IsDue(Noon.AddDays(1)).ShouldBeFalse();
        new MessageLock(Guid.Empty, until: null, Noon).IsDue(Noon.AddDays(1)).ShouldBeFalse();
    }
}
