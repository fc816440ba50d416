using System.Diagnostics;
using Adapter.Integration.Tests.Surfaces;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Stacks that nobody here wrote call the running host from its WSDL alone: every operation in both versions, and faults with their types.</summary>
[Trait("needs", "foreign-stack")]
public sealed class ForeignCallerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private SoapDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [InlineData("/usr/bin/python3", "python/registration_zeep.py", "1.1", "/RegisterMovement/Regime")]
    [InlineData("/usr/bin/python3", "python/registration_zeep.py", "1.2", "/RegisterMovement/Regime")]
    [InlineData("php", "php/registration.php", "1.1", "/RegisterMovement/Lock/From")]
    [InlineData("php", "php/registration.php", "1.2", "/RegisterMovement/Lock/From")]
    [InlineData("node", "soap-node/registration.js", "1.1", "/RegisterMovement/Regime")]
    [InlineData("node", "soap-node/registration.js", "1.2", "/RegisterMovement/Regime")]
    public async Task Every_operation_is_called_and_faults_are_typed(string program, string script, string version, string path)
    {
        var lines = await RunAsync(program, script, new Uri(_door.Host.Address, SoapDoor.Path + "?wsdl").ToString(), version, SoapDoor.Caller, SoapDoor.Password);

        lines.ShouldBe(
        [
            "RegisterManifest ok", "RegisterMovement ok", "AmendMovement ok", "ReportObservation ok", "AuthoriseUnseal ok", "ConfirmDeparture ok", "ConfirmArrival ok",
            lines.FirstOrDefault(line => line.StartsWith("QueryMovement ", StringComparison.Ordinal)) ?? "QueryMovement", "CloseMovement ok",
            "fault request.invalid locks[0].container", $"fault soap.invalid-element {path}",
        ]);
        lines[7].ShouldBeOneOf("QueryMovement arrived", "QueryMovement under-way");
    }

    private static async Task<List<string>> RunAsync(string program, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Where .ci/install puts it.
        start.Environment["NODE_PATH"] = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "customstransit", "soap-node", "node_modules");
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "interop", script), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started; .ci/install installs it.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, await output + await errors);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
