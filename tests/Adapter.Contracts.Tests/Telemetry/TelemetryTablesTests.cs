using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;
using Microsoft.Extensions.Logging;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class TelemetryTablesTests
{
    [Fact]
    public void A_deployment_adds_codes_and_spaces_and_renames_fields()
    {
        var reader = TelemetryReader.Create(TelemetryTables.Parse("""
            {
              // names seen at our site
              "fields": { "lock": ["sealNo"] },
              "codeSpaces": {
                "web-alarm": { "codes": { "42": { "means": "rope damaged", "kind": "ROPE_CUT" }, "13": { "kind": "UNKNOWN" } } },
                "ours": { "source": "site survey", "codes": { "A": { "kind": "SEAL" } } }
              },
            }
            """));

        Kind("42", "web-alarm").ShouldBe(LockEventKind.RopeCut);
        Kind("13", "web-alarm").ShouldBe(LockEventKind.Unknown);
        Kind("10", "web-alarm").ShouldBe(LockEventKind.RopeCut);
        Kind("a", "ours").ShouldBe(LockEventKind.Seal);
        Samples.ReadAny("""{"assetId":"1"}""", reader: reader).ShouldBeOfType<ReadElement.Unreadable>();

        LockEventKind Kind(string code, string space) =>
            Samples.Read($$"""{"sealNo":"1","FDataType":"{{code}}"}""", Samples.Alarm with { CodeSpace = space }, reader: reader).Report.Events.ShouldHaveSingleItem().Kind;
    }

    [Fact]
    public void A_deployment_adds_a_dialect_and_changes_one_of_ours()
    {
        var reader = TelemetryReader.Create(TelemetryTables.Parse("""
            {
              "dialects": {
                "padlock": {
                  "source": "site survey", "polarity": { "locked": 1, "ropeInserted": 1, "coverClosed": 0 }, "speed": "knots", "mileage": "m",
                  "fields": { "lock": ["padlock.no"], "lockStatus": ["padlock.shut"] },
                  "tells": [{ "names": ["padlock.said"], "space": "ggps-padlock", "level": false }]
                },
                "traccar": { "lockNumber": { "digits": 12 } }
              }
            }
            """));

        var report = Samples.Read(
            """{"padlock":{"no":"1","shut":1,"said":"f"},"speed":10,"mileage":500}""", new TelemetryRoute("s", ReportRoute.Location, null, "padlock"), reader: reader).Report;

        report.State.Locked.ShouldBe(true);
        report.Motion.ShouldBe(new Motion(18.52, null, 0.5));
        report.Events.ShouldBe([new ReportedEvent(LockEventKind.RopeCut, new SourceCode("ggps-padlock", "f"), Level: false)]);
        Samples.Read(DialectSamples.TraccarPositionMessage, DialectSamples.TraccarPosition, reader: reader).Report
            .ShouldSatisfyAllConditions(r => r.Lock.Value.ShouldBe("008000620011"), r => r.State.Locked.ShouldBe(true));
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "{} for the built-in tables")]
    [InlineData("{\"feilds\":{}}", "feilds")]
    [InlineData("{\"fields\":{\"lok\":[\"a\"]}}", "'lok' under 'fields'")]
    [InlineData("{\"fields\":{\"code\":[\"a\"]}}", "'code' under 'fields'")]
    [InlineData("{\"fields\":{\"heading\":[\"SPEED\"]}}", "'SPEED' twice")]
    [InlineData("{\"codes\":{\"alarms\":[\"a\"]}}", "'alarms' under 'codes'")]
    [InlineData("{\"codeSpaces\":{\"x\":{\"codes\":{\"1\":{\"kind\":\"ROPE\"}}}}}", "codeSpaces.x.codes.1.kind")]
    [InlineData("{\"codeSpaces\":{\"x\":{}}}", "'x'")]
    [InlineData("{\"codeSpaces\":{\"x\":{\"codes\":{\"1\":{\"refusedBy\":[\"pin\"]}}}}}", "'pin' under 'codeSpaces.x.1.refusedBy'")]
    [InlineData("{\"refusals\":{\"pin\":[\"0\"]}}", "'pin' under 'refusals'")]
    [InlineData("{\"fields\":{},\"fields\":{}}", "fields")]
    [InlineData("{\"dialects\":{\"ours\":{}}}", "'dialects.ours' no 'polarity'")]
    [InlineData("{\"dialects\":{\"our/s\":{}}}", "'our/s' is no name for a dialect")]
    [InlineData("{\"dialects\":{\"asc\":{\"polarity\":{\"locked\":2,\"ropeInserted\":0,\"coverClosed\":1}}}}", "a state is 0 or 1")]
    [InlineData("{\"dialects\":{\"asc\":{\"polarity\":{\"locked\":1,\"coverClosed\":1}}}}", "ropeInserted")]
    [InlineData("{\"dialects\":{\"asc\":{\"speed\":\"mph\"}}}", "dialects.asc.speed")]
    [InlineData("{\"dialects\":{\"asc\":{\"lockNumber\":{\"digits\":65}}}}", "1 to 64")]
    [InlineData("{\"dialects\":{\"traccar\":{\"codeSpaces\":{\"event\":\"x\"}}}}", "'x' under 'dialects.traccar.codeSpaces'")]
    [InlineData("{\"dialects\":{\"traccar\":{\"tells\":[{\"names\":[\"a\"],\"space\":\"x\"}]}}}", "'x' under 'dialects.traccar.tells'")]
    [InlineData("{\"dialects\":{\"traccar\":{\"tells\":[{\"space\":\"p45\"}]}}}", "names")]
    [InlineData("{\"messages\":[{\"when\":{}}]}", "empty 'when'")]
    [InlineData("{\"messages\":[{\"when\":{\"msgType\":[\"*\"]}}]}", "'msgType' under")]
    [InlineData("{\"messages\":[{\"when\":{\"messageType\":[\"*\"]},\"route\":\"alarms\"}]}", "'alarms' under")]
    [InlineData("{\"codeSpaces\":{\"x\":{\"codes\":{\"1\":{\"says\":\"open\"}}}}}", "says")]
    public void A_mistake_in_a_deployments_file_is_named(string json, string message) =>
        Should.Throw<FormatException>(() => TelemetryTables.Parse(json)).Message.ShouldContain(message);

    [Fact]
    public void The_mapping_configuration_is_valid() => TelemetryReader.Configuration(loggerFactory: null).AssertConfigurationIsValid();

    [Fact]
    public void The_licence_notice_of_AutoMapper_reaches_the_given_log()
    {
        using var log = new RecordingLoggerFactory();

        TelemetryReader.Create(TelemetryTables.BuiltIn, log);

        log.Messages.ShouldContain(message => message.Contains("license", StringComparison.OrdinalIgnoreCase));
    }

    private sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
