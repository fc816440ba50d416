using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Mappings.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Host.Tests.Journeys;

/// <summary>A stored record is read again as it was read when it came, whatever the settings are by then.</summary>
public sealed class ReportDecoderTests
{
    private const string Record = """{"assetId":"8022300001","MDeviceID":"8022300001","gpsTime":"2022-09-01T08:59:56Z","DateTime":"2022-09-01 08:59:56","lockStatus":1,"FDataType":1}""";

    private static readonly DateTimeOffset ReceivedAt = new(2022, 9, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TelemetryReader Reader = TelemetryReader.Create(TelemetryTables.BuiltIn);

    public static TheoryData<string, ReportRoute, string?, string> Routes => new()
    {
        { "location", ReportRoute.Location, null, "jointcloud" },
        { "alarm/web-alarm", ReportRoute.Alarm, "web-alarm", "jointcloud" },
        { "event@jt-sdk/web-event", ReportRoute.Event, "web-event", "jt-sdk" },
        { "location@teratrack", ReportRoute.Location, null, "teratrack" },
        { "command@traccar/a/b", ReportRoute.Command, "a/b", "traccar" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public void The_stored_route_holds_all_that_a_record_was_read_with(string stored, ReportRoute route, string? space, string dialect)
    {
        var read = new TelemetryRoute("s", route, space, dialect);

        ReportRoutes.Stored(read).ShouldBe(stored);
        ReportRoutes.Parse("s", stored).ShouldBe(read);
    }

    [Fact]
    public void Every_dialect_and_code_space_that_ships_can_be_stored()
    {
        foreach (var dialect in TelemetryTables.BuiltIn.Dialects)
        {
            foreach (var space in TelemetryTables.BuiltIn.CodeSpaces)
            {
                var route = new TelemetryRoute("s", ReportRoute.Event, space, dialect);
                ReportRoutes.Parse("s", ReportRoutes.Stored(route)).ShouldBe(route);
            }
        }
    }

    [Theory]
    [InlineData("jointcloud", false)]
    [InlineData("teratrack", true)]
    public void An_entry_is_read_in_the_dialect_that_it_came_in(string dialect, bool locked)
    {
        var route = new TelemetryRoute("s", ReportRoute.Location, "web-alarm", dialect);
        var body = Encoding.UTF8.GetBytes(Record);
        var first = Reader.Report(route, body);

        var again = new ReportDecoder(Reader).Decode(new JournalEntry(1, EntryKind.Telemetry, "s", ReportRoutes.Stored(route), ReceivedAt, body));

        again.ShouldBe(first with { Events = again.Events });
        again.Events.ShouldBe(first.Events);
        again.State.Locked.ShouldBe(locked);
    }

    [Fact]
    public void An_entry_in_a_dialect_that_is_gone_says_which() =>
        Should.Throw<FormatException>(() => new ReportDecoder(Reader).Decode(
                new JournalEntry(1, EntryKind.Telemetry, "s", "location@ours", ReceivedAt, Encoding.UTF8.GetBytes(Record))))
            .Message.ShouldContain("no dialect 'ours'");

    [Fact]
    public void A_source_in_a_dialect_that_does_not_exist_stops_the_start_and_is_told_which_do()
    {
        using var services = Services(("Ingest:Sources:gateway:Dialect", "jt_sdk"));

        Should.Throw<InvalidOperationException>(services.GetRequiredService<TelemetryTables>).Message
            .ShouldBe("Ingest:Sources:gateway:Dialect: there is no dialect 'jt_sdk'. Known are asc, jointcloud, jt-sdk, teratrack, traccar.");
    }

    [Fact]
    public void A_source_may_write_in_any_dialect_there_is()
    {
        foreach (var dialect in TelemetryTables.BuiltIn.Dialects)
        {
            using var services = Services(("Ingest:Sources:gateway:Dialect", dialect));

            services.GetRequiredService<TelemetryTables>().ShouldNotBeNull();
        }
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Ingest:Sources:gateway:Secrets:0", "env:PATH"), .. settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value))]).Build())
        .AddLogging()
        .AddIngest()
        .BuildServiceProvider();
}
