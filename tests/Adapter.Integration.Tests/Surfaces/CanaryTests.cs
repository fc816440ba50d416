using System.Text;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Attack 88: planted secrets are looked for everywhere they could have been left.</summary>
public sealed class CanaryTests
{
    private const string Variable = "CUSTOMSTRANSIT_CANARY_OF_A_TEST";
    private const string Canary = "canary-7f3a-of-the-manifest-password";
    private const string HeaderCanary = "canary-91bd-of-a-header-of-the-neighbour";

    [Fact]
    public async Task Secrets_of_destinations_and_sources_are_in_no_store_no_log_and_no_answer()
    {
        Environment.SetEnvironmentVariable(Variable, Canary);
        Environment.SetEnvironmentVariable(Variable + "_HEADER", HeaderCanary);
        var load = new DemoLoad();
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Destinations:manifest:Credentials:Scheme"] = "Basic",
                ["Destinations:manifest:Credentials:User"] = "adapter",
                ["Destinations:manifest:Credentials:Password"] = "env:" + Variable,
                ["Destinations:neighbour:Headers:X-Api-Key"] = $"env:{Variable}_HEADER",
                ["Destinations:neighbour:Transport"] = "Raw",
            },
        });
        // Failures leave more evidence than successes.
        host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Fault, Count = 1 });
        host.Twins.Order(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Cut, Count = 1 });
        await load.RunAsync(host);
        await Eventually.HoldsAsync(() =>
        {
            host.Later(TimeSpan.FromMinutes(1));
            return DemoRun.IsTheStory(host.Received(TwinName.Manifest)) && DemoRun.IsTheStory(host.Received(TwinName.Neighbour));
        }, "both are told all of it");

        string[] secrets = [Canary, HeaderCanary, TestHost.Secret, TestHost.NextSecret, Convert.ToBase64String(Encoding.UTF8.GetBytes($"adapter:{Canary}")), Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary))];
        var places = new Dictionary<string, string>(StringComparer.Ordinal) { ["log"] = host.Log.Text };
        foreach (var path in new[] { "/api/destinations", "/api/lanes", "/api/dead-letters", "/api/journeys", "/api/audit", "/api/principals", "/api/gaps", "/metrics", "/api/openapi.json" })
        {
            places[path] = await host.Customs.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        }

        foreach (var message in TwinName.All.SelectMany(host.Received).Select(r => r.MessageId).Distinct())
        {
            places[message] = (await host.GetAsync($"/api/messages/{message}")).GetRawText();
        }

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(host.PathOf("store.db"))!, "store.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            places[Path.GetFileName(file)] = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        places["/api/destinations"].ShouldContain("env:" + Variable, customMessage: "the reference itself is shown");
        places.Keys.ShouldContain("store.db");
        foreach (var (place, text) in places)
        {
            secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty(place);
        }
    }
}
