using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A neighbour and a gate with stacks that nobody here wrote, from our WSDLs alone: messages submitted, pulled, acknowledged and answered, in both versions.</summary>
[Trait("needs", "foreign-stack")]
public sealed class ForeignExchangeTests : IAsyncLifetime
{
    internal const string Neighbour = "kra";
    internal const string Gate = "gate-1";
    internal const string Password = "a-password-that-both-sides-hold";

    private TestHost _host = null!;

    static ForeignExchangeTests() => Environment.SetEnvironmentVariable("CT_TEST_EXCHANGE", Password);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/usr/bin/python3", "python/exchange_zeep.py", "1.1")]
    [InlineData("/usr/bin/python3", "python/exchange_zeep.py", "1.2")]
    [InlineData("php", "php/exchange.php", "1.1")]
    [InlineData("php", "php/exchange.php", "1.2")]
    [InlineData("node", "soap-node/exchange.js", "1.1")]
    [InlineData("node", "soap-node/exchange.js", "1.2")]
    public async Task Messages_are_submitted_pulled_acknowledged_and_answered(string program, string script, string version)
    {
        var lines = await ForeignProgram.RunAsync(program, script, _host.Address.ToString(), version, Neighbour, Gate, Password);

        ShouldTell(lines, version);
        var lanes = await _host.LanesAsync();
        lanes.Single(lane => lane.Destination == "gate").ShouldSatisfyAllConditions(lane => lane.State.ShouldBe(LaneState.Parked), lane => lane.Reason.ShouldNotBeNull().ShouldContain("R-17"));
    }

    /// <summary>A host with a neighbour that fetches what it is told, as it cannot be called either, and a gate.</summary>
    internal static async Task<TestHost> StartAsync()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Neighbours:kenya:Callers:0"] = Neighbour,
            ["Neighbours:kenya:Country"] = "KE",
            ["Neighbours:kenya:Registers"] = "true",
            ["Neighbours:kenya:Sends"] = "kenya",
            ["Destinations:kenya:Transport"] = "Pull",
            ["Destinations:kenya:Document"] = "wco-declaration",
            ["Destinations:kenya:Pull:Callers:0"] = Neighbour,
            ["Destinations:gate:Transport"] = "Pull",
            ["Destinations:gate:Document"] = "manifest-notification",
            ["Destinations:gate:Pull:Callers:0"] = Gate,
        };
        foreach (var (service, caller) in from service in (string[])["wco-exchange", "notifications"] from caller in (string[])[Neighbour, Gate] select (service, caller))
        {
            settings[$"SoapServices:Services:{service}:Callers:{caller}:Operations:0"] = "*";
            settings[$"SoapServices:Services:{service}:Callers:{caller}:Password"] = "env:CT_TEST_EXCHANGE";
        }

        var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = settings });
        foreach (var caller in (string[])[Neighbour, Gate])
        {
            await host.Services.GetRequiredService<IPrincipalStore>().AddAsync(caller, [Roles.Caller], new Actor("test"), Cancel);
        }

        return host;
    }

    /// <summary>What every client prints that does its part.</summary>
    internal static void ShouldTell(IEnumerable<string> lines, string version) => lines.ShouldBe(
        [
            "DEC 01", "DEC 01", "DEC 03 90 42A/D014",
            $"fault {(version == "1.1" ? "Client" : "Sender")} speaks for no neighbour",
            "GetPending DEPARTURE 1", "Acknowledge settled",
            "DEC 01",
            "GetPending ARRIVAL 2", "Acknowledge parked",
            "fault notifications.invalid", "fault notifications.not-yours", "fault notifications.not-yours",
            "GetPending DEPARTURE 1", "RES 02",
        ]);
}
