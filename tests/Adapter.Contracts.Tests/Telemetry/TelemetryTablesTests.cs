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
