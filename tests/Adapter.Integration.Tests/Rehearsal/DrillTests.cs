using System.Globalization;
using System.Text.RegularExpressions;
using Adapter.Host.Admin;
using Adapter.Host.Rehearsal;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Rehearsal;

/// <summary>A drill that always passes would be a decoration: it passes on the product and fails on a host that breaks its word.</summary>
public sealed class DrillTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_command_plays_an_outage_and_nothing_is_lost_doubled_or_out_of_order()
    {
        var (code, output) = await HostProcess.RunAsync("drill", "--journeys", "5", "--outage", "6", "--patience", "180");

        code.ShouldBe(0, output);
        var parked = Regex.Match(output, "parked: (?<lanes>[0-9]+) lanes", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["lanes"].Value;
        int.Parse(parked, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(5, "manifest was down all the time");
        output.ShouldMatch("detected after: [0-9.]+ s");
        output.ShouldContain($"recovered: {parked} lanes");
        foreach (var count in new[] { "lost: 0", "duplicated: 0", "disordered: 0" })
        {
            output.ShouldContain(count);
        }
    }

    [Fact]
    [Trait("needs", "postgres")]
    public async Task The_command_plays_an_outage_on_PostgreSQL_too()
    {
        var database = PostgresFixture.Shared.MakeDatabase();

        var (code, output) = await HostProcess.RunAsync(
            "drill", "--journeys", "5", "--outage", "6", "--patience", "180", "--storage", "postgres", "--connection", database);

        code.ShouldBe(0, output);
        output.ShouldContain("lost: 0");
        PostgresFixture.Scalar<long>(database, "SELECT count(*) FROM messages WHERE state = 'delivered'").ShouldBeGreaterThanOrEqualTo(15);
        PostgresFixture.Shared.DropDatabase(database);
    }

    [Fact]
    public async Task A_host_that_repeats_what_the_receiver_acts_on_again_is_found_out()
    {
        // The transportation system acts on each copy. Whoever calls it idempotent gets effects twice.
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Destinations:transportation:Idempotent"] = "true" },
        });

        var report = await RunAsync(host, TimeSpan.FromMinutes(2));

        report.Count(HistoryChecker.Broken.Duplicated).ShouldBeGreaterThan(0);
        report.Count(HistoryChecker.Broken.Lost).ShouldBe(0);
        report.IsGood.ShouldBeFalse();
    }

    [Fact]
    public async Task What_does_not_arrive_in_time_is_lost_and_says_where_it_waits()
    {
        await using var host = await TestHost.StartAsync();
        using var held = await host.PostAsync("/api/destinations/neighbour/hold", """{"reason":"a drill of the drill"}""");
        held.EnsureSuccessStatusCode();

        var report = await RunAsync(host, TimeSpan.FromSeconds(15));

        report.Findings.Count(finding => finding.Promise == HistoryChecker.Broken.Lost && finding.Text.StartsWith("neighbour:", StringComparison.Ordinal)).ShouldBe(5);
        (report.Recovery, report.IsGood).ShouldBe((null, false));
        report.Lines().ShouldContain(line => line.Contains("see /api/lanes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Against_another_host_it_needs_the_keys_by_reference()
    {
        var (code, output) = await HostProcess.RunAsync("drill", "--against", "http://127.0.0.1:1", "--key", "plain-text", "--secret", "env:NOT_SET_ANYWHERE");
        (code, output.Contains("by reference", StringComparison.Ordinal) || output.Contains("NOT_SET_ANYWHERE", StringComparison.Ordinal)).ShouldBe((1, true), output);
        (code, output) = await HostProcess.RunAsync("drill", "--against", "http://127.0.0.1:1");
        code.ShouldBe(1);
        output.ShouldContain("--key");
    }

    private static async Task<DrillReport> RunAsync(TestHost host, TimeSpan patience)
    {
        var key = await host.Services.GetRequiredService<IPrincipalStore>().AddAsync("drill", [Roles.Administrator], new Actor("test"), Cancel);
        using var callers = RehearsalCallers.Of(host.Address, host.Twins.Address, TestHost.SecretHeader, TestHost.Secret, key!);
        return await new Drill(callers, new DrillScript(5, TimeSpan.FromSeconds(5), patience), TimeProvider.System, TestContext.Current.SendDiagnosticMessage).RunAsync(Cancel);
    }
}
