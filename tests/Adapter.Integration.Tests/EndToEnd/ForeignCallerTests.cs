using Adapter.Integration.Tests.Surfaces;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Stacks that nobody here wrote call the running host from its WSDL alone: every operation in both versions, and faults with their types.</summary>
[Trait("needs", "foreign-stack")]
public sealed class ForeignCallerTests : IAsyncLifetime
{
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
        var lines = await ForeignProgram.RunAsync(program, script, new Uri(_door.Host.Address, SoapDoor.Path + "?wsdl").ToString(), version, SoapDoor.Caller, SoapDoor.Password);

        lines.ShouldBe(
        [
            "RegisterManifest ok", "RegisterMovement ok", "AmendMovement ok", "ReportObservation ok", "AuthoriseUnseal ok", "ConfirmDeparture ok", "ConfirmArrival ok",
            lines.FirstOrDefault(line => line.StartsWith("QueryMovement ", StringComparison.Ordinal)) ?? "QueryMovement", "CloseMovement ok",
            "fault request.invalid locks[0].container", $"fault soap.invalid-element {path}",
        ]);
        lines[7].ShouldBeOneOf("QueryMovement arrived", "QueryMovement under-way");
    }
}
