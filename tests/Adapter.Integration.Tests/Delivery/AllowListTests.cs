using System.Net;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Integration.Tests.Delivery;

public sealed class AllowListTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("127.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    public async Task This_machine_is_out_of_reach_unless_allowed_however_it_is_written(string host)
    {
        await using var peer = await WebPeer.AnsweringAsync(200, null, "");
        var port = peer.Endpoint.Port;
        using var sender = new Sender(options: new OutboundOptions { Allow = { $"127.0.0.1:{port}", $"localhost:{port}", $"[::1]:{port}", $"0.0.0.0:{port}", $"[::]:{port}" } });

        var evidence = await sender.SendAsync(new Uri($"http://{host}:{port}/soap"));

        evidence.RequestLeft.ShouldBeFalse();
        evidence.Detail.ShouldContain("to which");
        peer.Received.ShouldBeEmpty();
        BlipPolicy.IsBlip(evidence).ShouldBeFalse();
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")]
    [InlineData("0xA9FEA9FE")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[::ffff:a9fe:a9fe]")]
    [InlineData("[64:ff9b::a9fe:a9fe]")]
    [InlineData("[2002:a9fe:a9fe::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    public async Task Metadata_and_link_local_addresses_are_never_reached_even_if_listed(string host)
    {
        var address = IPAddress.Parse(new Uri($"http://{host}").IdnHost);
        var entry = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]:80" : $"{address}:80";
        using var sender = new Sender(options: new OutboundOptions { AllowLoopback = true, Allow = { entry } });

        var evidence = await sender.SendAsync(new Uri($"http://{host}/latest/meta-data"));

        evidence.RequestLeft.ShouldBeFalse();
        evidence.Detail.ShouldContain("never connects to");
    }

    [Theory]
    [InlineData("10.1.2.3", 443, false)]
    [InlineData("10.1.2.3", 8443, true)]
    [InlineData("192.168.1.1", 8443, false)]
    [InlineData("93.184.216.34", 443, false)]
    [InlineData("::ffff:10.1.2.3", 8443, true)]
    public void An_address_needs_its_entry_with_the_port(string host, int port, bool permitted)
    {
        var list = new OutboundAllowList(new OutboundOptions { Allow = { "10.1.2.3:8443" } });

        list.Permits(host, port, IPAddress.Parse(host), out var refusal).ShouldBe(permitted);

        (refusal is null).ShouldBe(permitted);
    }

    [Theory]
    [InlineData("Customs.Example.", "10.0.0.1", true)]
    [InlineData("customs.example", "93.184.216.34", true)]
    [InlineData("evil.example", "93.184.216.34", false)]
    [InlineData("customs.example", "127.0.0.1", false)]
    [InlineData("customs.example", "169.254.169.254", false)]
    public void A_listed_name_is_judged_by_the_address_it_leads_to(string host, string address, bool permitted)
    {
        var list = new OutboundAllowList(new OutboundOptions { Allow = { "customs.example:443" } });

        list.Permits(host, 443, IPAddress.Parse(address), out _).ShouldBe(permitted);
    }

    [Fact]
    public void A_strange_name_that_leads_to_this_machine_needs_an_entry_of_its_own()
    {
        var list = new OutboundAllowList(new OutboundOptions { AllowLoopback = true });

        list.Permits("rebinding.example", 80, IPAddress.Loopback, out var refusal).ShouldBeFalse();

        refusal.ShouldNotBeNull().ShouldContain("add 'rebinding.example:80' to the settings");
        list.Permits("localhost", 80, IPAddress.IPv6Loopback, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("customs.example")]
    [InlineData("customs.example:0")]
    [InlineData("customs.example:70000")]
    [InlineData("https://customs.example:443")]
    [InlineData(":443")]
    [InlineData("::1:443")]
    public void A_wrong_entry_is_named_at_start(string entry)
    {
        var result = new OutboundOptionsValidator().Validate(null, new OutboundOptions { Allow = { "good.example:443", entry } });

        result.Failures.ShouldNotBeNull().ShouldHaveSingleItem().ShouldContain($"'{entry}' is not host:port");
    }
}
