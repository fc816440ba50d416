using System.ComponentModel;
using System.Diagnostics;
using Adapter.TestKit.Brokers.ServiceBus;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>Microsoft's own client against the tests' Service Bus: what it accepts, ours may rely on.</summary>
[Trait("needs", "foreign-stack")]
public sealed class MicrosoftClientTests
{
    private static string Modules => Path.Combine(
        Environment.GetEnvironmentVariable("CUSTOMSTRANSIT_CACHE") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "customstransit"), "node", "node_modules");

    [Fact]
    public async Task It_finds_everything_that_it_looks_for()
    {
        Directory.Exists(Path.Combine(Modules, "@azure", "service-bus")).ShouldBeTrue($"Microsoft's client is not in {Modules}. .ci/install puts it there.");
        var (code, lines) = await RunAsync();

        lines.Where(line => line.StartsWith("FAILED", StringComparison.Ordinal)).ShouldBeEmpty(string.Join('\n', lines));
        lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(16, string.Join('\n', lines));
        code.ShouldBe(0);
    }

    private static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync()
    {
        await using var server = ServiceBusServer.Start();
        server.Add("plain");
        server.Add("hasty", lockFor: TimeSpan.FromSeconds(1));
        server.Add("twice", maxDeliveries: 2);
        server.Add("talks", sessions: true);
        server.Add("reports/Subscriptions/customs");
        return await RunAsync(server.ConnectionString);
    }

    private static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(string connection)
    {
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "interop", "node", "repertoire.cjs"));
        start.ArgumentList.Add(connection);
        start.Environment["NODE_PATH"] = Modules;
        try
        {
            using var node = Process.Start(start)!;
            var (output, errors) = (node.StandardOutput.ReadToEndAsync(CancellationToken.None), node.StandardError.ReadToEndAsync(CancellationToken.None));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromMinutes(3));
            try
            {
                await node.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                node.Kill();
                await node.WaitForExitAsync(CancellationToken.None);
            }

            return (node.ExitCode, [.. $"{await output}\n{await errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("node cannot be started. .ci/install installs it.", missing);
        }
    }
}
