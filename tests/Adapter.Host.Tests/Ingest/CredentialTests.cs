using System.Net;
using System.Text;
using Adapter.Host.Ingest.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Host.Tests.Ingest;

public class CredentialTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_signature_is_that_of_Standard_Webhooks()
    {
        // The test vector of the reference libraries.
        var key = SigningKey.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"u8.ToArray(), "env:X");
        var headers = Read("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=").ShouldNotBeNull();

        headers.IsBy([key], Encoding.UTF8.GetBytes("{\"test\": 2432232314}")).ShouldBeTrue();
        headers.IsBy([key], Encoding.UTF8.GetBytes("{\"test\": 2432232315}")).ShouldBeFalse();
        headers.IsBy([], Encoding.UTF8.GetBytes("{\"test\": 2432232314}")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("a b", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("msg", "-1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("msg", "1614265330.5", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("msg", "999999999999999", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("msg", "1614265330", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("msg", "1614265330", "v1,g0hM9SsE")]
    [InlineData("msg", "1614265330", "v1,not base64")]
    [InlineData("msg", "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Headers_of_another_form_are_none(string id, string timestamp, string signature) => Read(id, timestamp, signature).ShouldBeNull();

    [Fact]
    public void More_signatures_than_anybody_needs_are_not_looked_at() =>
        Read("msg", "1614265330", string.Join(' ', Enumerable.Repeat("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 11))).ShouldBeNull();

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("2001:db8::5", true)]
    [InlineData("2001:db9::5", false)]
    public void A_list_admits_its_ranges_and_addresses(string peer, bool admitted) =>
        new AddressList(["10.1.0.0/16", "192.0.2.7", "2001:db8::/32"]).Admits(IPAddress.Parse(peer)).ShouldBe(admitted);

    [Fact]
    public void An_empty_list_admits_everybody_and_another_nobody_without_an_address()
    {
        new AddressList([]).Admits(IPAddress.Parse("203.0.113.9")).ShouldBeTrue();
        new AddressList([]).Admits(null).ShouldBeTrue();
        new AddressList(["0.0.0.0/0"]).Admits(null).ShouldBeFalse();
    }

    [Fact]
    public void An_id_is_bound_to_its_first_body_while_its_time_stamp_is_good()
    {
        var clock = new FakeTimeProvider(Noon);
        var ids = new RememberedIds(100, clock);
        See(ids, "a", "one").ShouldBe(Recollection.First);
        See(ids, "a", "one").ShouldBe(new Recollection.Repeat(null));
        ids.Stored("source", "a", 7);
        See(ids, "a", "one").ShouldBe(new Recollection.Repeat(7));
        See(ids, "a", "two").ShouldBe(Recollection.OtherBody);
        ids.See("another source", "a", "two"u8, Noon.AddMinutes(5)).ShouldBe(Recollection.First);

        clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        See(ids, "a", "two").ShouldBe(Recollection.First);
    }

    [Fact]
    public void Only_so_many_ids_are_remembered_and_the_oldest_goes_first()
    {
        var ids = new RememberedIds(2, new FakeTimeProvider(Noon));
        See(ids, "a", "x");
        See(ids, "b", "x");
        See(ids, "c", "x");

        See(ids, "b", "y").ShouldBe(Recollection.First);
    }

    private static Recollection See(RememberedIds ids, string id, string body) => ids.See("source", id, Encoding.UTF8.GetBytes(body), Noon.AddMinutes(5));

    private static SignedHeaders? Read(string id, string timestamp, string signature)
    {
        var headers = new HeaderDictionary { ["webhook-id"] = id, ["webhook-timestamp"] = timestamp, ["webhook-signature"] = signature };
        return SignedHeaders.Read(headers);
    }
}
