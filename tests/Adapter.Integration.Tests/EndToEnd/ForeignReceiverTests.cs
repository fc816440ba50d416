using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>The demo journey to receivers that are not ours: Python's standard library, written from the WSDL files.</summary>
[Trait("needs", "foreign-stack")]
public sealed class ForeignReceiverTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("foreign-");
    private readonly DemoLoad _load = new();
    private Process? _python;
    private Uri _address = null!;
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _python = Start(Path.Combine(AppContext.BaseDirectory, "interop", "python", "receiver.py"), _folder.FullName);
        var said = await _python.StandardOutput.ReadLineAsync(Cancel);
        if (said?.StartsWith("listening ", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"The receiver did not start: {said}\n{await _python.StandardError.ReadToEndAsync(Cancel)}");
        }

        _address = new Uri($"http://127.0.0.1:{said["listening ".Length..]}/");
        _host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = TwinStage.SettingsPairs(_address).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_python is not null)
        {
            // Its standard input closes, and it ends.
            _python.StandardInput.Close();
            await _python.WaitForExitAsync(CancellationToken.None);
            _python.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_strict_receiver_of_another_stack_gets_everything_once_and_in_order()
    {
        await _load.RunAsync(_host);

        await StoryAsync();
        foreach (var receiver in TwinName.All)
        {
            Lines(receiver).Count.ShouldBe(DemoJourney.ExpectedKinds.Count, receiver);
        }
    }

    [Fact]
    public async Task An_error_page_of_the_receivers_own_is_no_refusal()
    {
        await OrderAllAsync("fail");
        await _load.RunAsync(_host);

        await WaitForTroubleAsync();
        await StoryAsync();
        Lines(TwinName.Transportation).Select(line => line.Element).First().ShouldBe("FindTripEvent", "one that may act twice is asked first");
    }

    [Fact]
    public async Task A_connection_closed_after_reading_is_an_unknown_outcome_and_the_message_arrives_once()
    {
        await OrderAllAsync("close");
        await _load.RunAsync(_host);

        await WaitForTroubleAsync();
        await StoryAsync();
        Lines(TwinName.Transportation).Take(2).Select(line => (line.Element, line.Result)).ShouldBe([("FindTripEvent", "NOT_FOUND"), ("TripEvent", "RECORDED")]);
    }

    [Fact]
    public async Task A_connection_closed_after_the_effect_repeats_the_bytes_where_that_is_safe_and_asks_elsewhere()
    {
        await OrderAllAsync("take-and-close");
        await _load.RunAsync(_host);

        await WaitForTroubleAsync();
        await StoryAsync();
        Lines(TwinName.Manifest).Take(2).Select(line => line.Result).ShouldBe(["ACCEPTED", "DUPLICATE"]);
        Lines(TwinName.Neighbour).Take(2).Select(line => (line.Effect, line.Result)).ShouldBe([(1, "01"), (0, "01")]);
        Lines(TwinName.Transportation).Take(3).Select(line => (line.Element, line.Result)).ShouldBe([("TripEvent", "RECORDED"), ("FindTripEvent", "RECORDED"), ("TripEvent", "RECORDED")]);
    }

    /// <summary>A receiver that objects to nothing would prove nothing: each rule broken once.</summary>
    [Theory]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "<E:Envelope xmlns:E=\"http://schemas.xmlsoap.org/soap/envelope/\"><E:Body/></E:Envelope>", "expected one element")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "<!DOCTYPE x><E:Envelope xmlns:E=\"http://schemas.xmlsoap.org/soap/envelope/\"/>", "document type definition")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "<E:Envelope xmlns:E=\"http://www.w3.org/2003/05/soap-envelope\"/>", "not the Envelope")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "{envelope:<TripEvent/>}", "no message of this system")]
    [InlineData("text/xml; charset=utf-8", "urn:customstransit:manifest:1/NotifySealEvent", "{envelope:good}", "in quotes")]
    [InlineData("text/xml; charset=utf-8", "\"urn:other\"", "{envelope:good}", "SOAPAction")]
    [InlineData("text/xml", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "{envelope:good}", "charset")]
    [InlineData("application/soap+xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "{envelope:good}", "Content-Type")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "{envelope:late}", "came after number 0")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:manifest:1/NotifySealEvent\"", "{envelope:nameless}", "message id")]
    public async Task The_receiver_objects_to_what_is_not_right(string contentType, string action, string body, string objection)
    {
        string Sealing(string id, int sequence) => $"""
            <SealNotification xmlns="urn:customstransit:manifest:1"><MessageId>{id}</MessageId><Sequence>{sequence}</Sequence><Mrn>M</Mrn><Event><Code>SEAL</Code></Event></SealNotification>
            """;
        var text = body switch
        {
            "{envelope:good}" => Envelope(Sealing(new string('a', 32), 1)),
            "{envelope:late}" => Envelope(Sealing(new string('a', 32), 2)),
            "{envelope:nameless}" => Envelope(Sealing("", 1)),
            "{envelope:<TripEvent/>}" => Envelope("<TripEvent/>"),
            _ => body,
        };
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, "manifest")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TryAddWithoutValidation("SOAPAction", action);
        using var answer = await client.SendAsync(request, Cancel);

        ((int)answer.StatusCode).ShouldBe(500);
        var line = Lines(TwinName.Manifest).ShouldHaveSingleItem();
        line.Effect.ShouldBe(0);
        line.Problems.ShouldHaveSingleItem().ShouldContain(objection);
    }

    private static string Envelope(string content) => $"<E:Envelope xmlns:E=\"http://schemas.xmlsoap.org/soap/envelope/\"><E:Body>{content}</E:Body></E:Envelope>";

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("python3 cannot be started, and these tests need a SOAP peer of another stack. .ci/install installs it.", missing);
        }
    }

    private async Task OrderAllAsync(string mode)
    {
        using var client = new HttpClient { BaseAddress = _address };
        foreach (var receiver in TwinName.All)
        {
            using var order = new StringContent($$"""{"mode":"{{mode}}","count":1}""", Encoding.UTF8, "application/json");
            (await client.PutAsync(new Uri($"/orders/{receiver}", UriKind.Relative), order, Cancel)).EnsureSuccessStatusCode();
        }
    }

    /// <summary>Waits until each lane has met its misfortune, and lets the time pass after which it goes on.</summary>
    private async Task WaitForTroubleAsync()
    {
        await Eventually.GetAsync(
            _host.LanesAsync, lanes => lanes.Count == TwinName.All.Count && lanes.All(lane => lane.Tries == 1), lanes => string.Join('\n', lanes));
        (await _host.LanesAsync()).Single(lane => lane.Destination == TwinName.Transportation).State.ShouldBe(LaneState.Asking);
        _host.Later(TimeSpan.FromSeconds(11));
    }

    private async Task StoryAsync()
    {
        var mrn = _load.Registration.Mrn!;
        var expected = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [mrn] = DemoJourney.ExpectedKinds };
        List<string> Wrong() => [.. TwinName.All.SelectMany(receiver => HistoryChecker.Check(receiver, HistoryChecker.Read(LogOf(receiver)), expected))];
        await Eventually.GetAsync(() => Task.FromResult(Wrong()), wrong => wrong.Count == 0, wrong => string.Join('\n', wrong));
        await Eventually.GetAsync(_host.LanesAsync, lanes => lanes.All(lane => lane.State == LaneState.Idle), lanes => string.Join('\n', lanes));

        Wrong().ShouldBeEmpty();
        TwinName.All.SelectMany(Lines).SelectMany(line => line.Problems).ShouldBeEmpty();
    }

    private string LogOf(string receiver) => Path.Combine(_folder.FullName, receiver + ".jsonl");

    private List<Line> Lines(string receiver) => [.. File.ReadAllLines(LogOf(receiver)).Select(line => JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!)];

    private sealed record Line(string Element, int Effect, string? Result, IReadOnlyList<string> Problems);
}
