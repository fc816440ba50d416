using System.Diagnostics;
using System.Text.RegularExpressions;
using Adapter.Contracts.Customs;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>What we send, to PHP's SoapServer from our WSDL alone: both transports, both versions, a receipt that refuses, and its faults, which WCF cannot read in 1.2.</summary>
[Trait("needs", "foreign-stack")]
public sealed partial class PhpReceiverTests : IAsyncLifetime
{
    private static readonly Actor Office = new("office");

    private static readonly (string Name, string Path, string Soap, string Transport)[] Receivers =
    [
        .. from mode in (string[])["soap", "refuse", "fault"]
           from version in (string[])["11", "12"]
           from transport in (string[])["Wcf", "Raw"]
           select ($"{mode}{version}-{transport.ToLowerInvariant()}", mode + version, "Soap" + version, transport),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("php-");
    private Process _php = null!;
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Log => Path.Combine(_folder.FullName, "received.log");

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("php") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-d", "display_errors=stderr", "-S", "127.0.0.1:0", ForeignProgram.PathOf("php/receiver.php")])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RECEIVER_WSDL"] = ForeignProgram.PathOf("schemas/manifest-notification.wsdl");
        start.Environment["RECEIVER_LOG"] = Log;
        _php = ForeignProgram.Start(start);
        var said = await _php.StandardError.ReadLineAsync(Cancel) ?? "";
        var address = Address().Match(said) is { Success: true } match ? match.Value : throw new InvalidOperationException($"PHP did not start: {said}");
        // Whoever does not read what it says stops it when the pipe is full.
        _ = _php.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = _php.StandardOutput.ReadToEndAsync(CancellationToken.None);

        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Outbound:AllowLoopback"] = "true" };
        foreach (var (name, path, soap, transport) in Receivers)
        {
            var its = $"Destinations:{name}:";
            settings[its + "Endpoint"] = $"{address}/{path}";
            settings[its + "Soap"] = soap;
            settings[its + "Transport"] = transport;
            settings[its + "Action"] = "urn:customstransit:manifest:1/NotifySealEvent";
            settings[its + "Document"] = "manifest-notification";
            settings[its + "Idempotent"] = "true";
            settings[its + "Reply:Root"] = "{urn:customstransit:manifest:1}NotificationReceipt";
            settings[its + "Reply:Id"] = "MessageId";
            settings[its + "Reply:Code"] = "Result";
            settings[its + "Reply:Text"] = "Text";
            settings[its + "Reply:Accepted:0"] = "ACCEPTED";
            settings[its + "Reply:Duplicate:0"] = "DUPLICATE";
            settings[its + "Reply:Rejected:0"] = "REFUSED";
        }

        _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = settings });
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_php is not null)
        {
            _php.Kill();
            await _php.WaitForExitAsync(CancellationToken.None);
            _php.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Both_transports_deliver_once_and_in_order_and_understand_a_refusal_and_a_fault()
    {
        var desk = _host.Services.GetRequiredService<MovementDesk>();
        var now = _host.Clock.GetUtcNow();
        Accepted(await desk.RegisterMovementAsync(
            new RegisterMovementRequest
            {
                MovementId = "T-1",
                Regime = Contracts.Transit.Regime.Transit,
                Mrn = "26KE0MBA00482917J1",
                Departure = new OfficeItem { Code = "KEMBA001" },
                Destination = new OfficeItem { Code = "UGMLB001" },
            }, Office, Cancel));
        Accepted(await desk.ConfirmDepartureAsync(new ConfirmDepartureRequest { MovementId = "T-1", Observer = Observer.Office, At = now, Office = "KEMBA001" }, Office, Cancel));
        Accepted(await desk.ConfirmArrivalAsync(new ConfirmArrivalRequest { MovementId = "T-1", Observer = Observer.Office, At = now.AddMinutes(1), Office = "UGMLB001" }, Office, Cancel));

        var lanes = await Eventually.GetAsync(
            _host.LanesAsync,
            all => all.Count == Receivers.Length && all.All(lane => lane.State == (lane.Destination.StartsWith("soap", StringComparison.Ordinal) ? LaneState.Idle : LaneState.Parked)),
            all => string.Join('\n', all));

        foreach (var lane in lanes.Where(lane => lane.State == LaneState.Parked))
        {
            lane.Reason.ShouldNotBeNull(lane.Destination).ShouldContain(lane.Destination.StartsWith("refuse", StringComparison.Ordinal) ? "the manifest is closed" : "the manifest is not known here", Case.Sensitive, lane.Destination);
        }

        // Two receivers share a path; each gets the movement's messages once, the second after the first.
        var received = (await File.ReadAllLinesAsync(Log, Cancel)).Select(line => line.Split(' ')).ToList();
        foreach (var path in received.GroupBy(line => line[0]))
        {
            string[] kinds = path.Key.StartsWith("soap", StringComparison.Ordinal) ? ["DEPARTURE", "DEPARTURE", "ARRIVAL", "ARRIVAL"] : ["DEPARTURE", "DEPARTURE"];
            path.Select(line => line[3]).ShouldBe(kinds, ignoreOrder: true, path.Key);
            path.Select(line => line[1]).Distinct().Count().ShouldBe(kinds.Length, path.Key);
        }
    }

    private static void Accepted(MovementAnswer answer) => answer.Receipt.ShouldNotBeNull(answer.Fault?.Text).Accepted.ShouldBeTrue(answer.Receipt!.Text);

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
