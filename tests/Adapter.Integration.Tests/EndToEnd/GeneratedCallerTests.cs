using Adapter.Integration.Tests.Surfaces;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>
/// gSOAP and JAX-WS generate clients from our WSDLs alone, which are compiled and call every operation of the running host in both versions. They need a compiler of C++ and one of Java,
/// so they run with <c>./test.sh --endurance</c>; where one is missing they fail and say what to install.
/// </summary>
public sealed class GeneratedCallerTests : IAsyncLifetime
{
    private SoapDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [Trait("needs", "endurance")]
    [InlineData("gsoap/registration.sh", "1.1", "/RegisterMovement/Regime")]
    [InlineData("gsoap/registration.sh", "1.2", "/RegisterMovement/Regime")]
    [InlineData("jaxws/registration.sh", "1.1", "/RegisterMovement/Mrn")]
    [InlineData("jaxws/registration.sh", "1.2", "/RegisterMovement/Mrn")]
    public async Task Every_operation_is_called_and_faults_are_typed(string script, string version, string path)
    {
        var folder = Directory.CreateTempSubdirectory("generated-");
        try
        {
            var lines = await ForeignProgram.RunAsync(
                "bash", script, new Uri(_door.Host.Address, SoapDoor.Path + "?wsdl").ToString(), version, SoapDoor.Caller, SoapDoor.Password, folder.FullName);

            lines.Where(line => !line.StartsWith("QueryMovement", StringComparison.Ordinal)).ShouldBe(
            [
                "RegisterManifest ok", "RegisterMovement ok", "AmendMovement ok", "ReportObservation ok", "AuthoriseUnseal ok", "ConfirmDeparture ok", "ConfirmArrival ok", "CloseMovement ok",
                "fault request.invalid locks[0].container", $"fault soap.invalid-element {path}",
            ]);
            lines[7].ShouldBeOneOf("QueryMovement arrived", "QueryMovement under-way");
            (await _door.AuditAsync()).Select(line => line.Action).Distinct().Count().ShouldBe(9, "each operation was called under its own name");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>The same for neighbours and for systems that cannot be called: messages submitted, fetched, accepted, refused and answered.</summary>
public sealed class GeneratedExchangeTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ForeignExchangeTests.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [Trait("needs", "endurance")]
    [InlineData("gsoap/exchange.sh", "1.1")]
    [InlineData("gsoap/exchange.sh", "1.2")]
    [InlineData("jaxws/exchange.sh", "1.1")]
    [InlineData("jaxws/exchange.sh", "1.2")]
    public async Task Messages_are_submitted_pulled_acknowledged_and_answered_and_faults_are_typed(string script, string version)
    {
        var folder = Directory.CreateTempSubdirectory("generated-");
        try
        {
            ForeignExchangeTests.ShouldTell(await ForeignProgram.RunAsync(
                "bash", script, _host.Address.ToString(), version, ForeignExchangeTests.Neighbour, ForeignExchangeTests.Gate, ForeignExchangeTests.Password, folder.FullName), version);

            (await _host.LanesAsync()).Single(lane => lane.Destination == "gate").Reason.ShouldNotBeNull().ShouldContain("R-17");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
