using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>Each layer's polarity, pinned. A wrong one would show every open seal as closed.</summary>
public sealed class PolarityTests
{
    [Theory]
    // Raw status bits: 1 is locked (7), rope in (6), cover closed (13).
    [InlineData("traccar", """{"position":{"protocol":"jt600","attributes":{"status":8384}},"device":{"uniqueId":"1"}}""", true, true, true)]
    [InlineData("traccar", """{"position":{"protocol":"jt600","attributes":{"status":0}},"device":{"uniqueId":"1"}}""", false, false, false)]
    [InlineData("traccar", """{"position":{"protocol":"jt600","attributes":{"status":128}},"device":{"uniqueId":"1"}}""", true, false, false)]
    [InlineData("traccar", """{"position":{"protocol":"jt600","attributes":{"status":64}},"device":{"uniqueId":"1"}}""", false, true, false)]
    [InlineData("traccar", """{"position":{"protocol":"jt600","attributes":{"status":"8192"}},"device":{"uniqueId":"1"}}""", false, false, true)]
    // SDK location: lock and rope 0, cover 1.
    [InlineData("jt-sdk", """{"DeviceID":"1","MsgType":"Location","DataBody":{"LockStatus":0,"LockRope":0,"BackCover":1}}""", true, true, true)]
    [InlineData("jt-sdk", """{"DeviceID":"1","MsgType":"Location","DataBody":{"LockStatus":1,"LockRope":1,"BackCover":0}}""", false, false, false)]
    [InlineData("jt-sdk", """{"DeviceID":"1","MsgType":"Location","DataBody":{"LockStatus":0,"LockRope":1,"BackCover":-1}}""", true, false, null)]
    // OpenAPI, sub-locks among them: 0 and 0.
    [InlineData("jointcloud", """{"FAssetID":"1","FSubAssetID":"2","FLockStatus":0,"FLockRope":0}""", true, true, null)]
    [InlineData("jointcloud", """{"FAssetID":"1","FSubAssetID":"2","FLockStatus":1,"FLockRope":1}""", false, false, null)]
    // Trip API: 1 is open.
    [InlineData("asc", """{"AssetID":"1","LockStatus":0}""", true, null, null)]
    [InlineData("asc", """{"AssetID":"1","LockStatus":1}""", false, null, null)]
    // Push: JSON in a string, 0 and 0.
    [InlineData("jointcloud", """{"assetId":"1","statusJson":"{\"lockRope\":0,\"lockStatus\":0}"}""", true, true, null)]
    [InlineData("jointcloud", """{"assetId":"1","statusJson":"{\"lockRope\":1,\"lockStatus\":1}"}""", false, false, null)]
    // TeraTrack: strings, all positive.
    [InlineData("teratrack", """{"MDeviceID":"1","LockStatus":"1","LockRope":"1","CoverStatus":"1"}""", true, true, true)]
    [InlineData("teratrack", """{"MDeviceID":"1","LockStatus":"0","LockRope":"0","CoverStatus":"0"}""", false, false, false)]
    // Traccar's own attributes; it decodes neither rope nor cover.
    [InlineData("traccar", """{"position":{"attributes":{"blocked":true}},"device":{"uniqueId":"1"}}""", true, null, null)]
    [InlineData("traccar", """{"position":{"attributes":{"blocked":false}},"device":{"uniqueId":"1"}}""", false, null, null)]
    [InlineData("traccar", """{"position":{"protocol":"teratrack","attributes":{"lock":false}},"device":{"uniqueId":"1"}}""", false, null, null)]
    public void A_layer_says_locked_rope_in_and_cover_closed_in_its_own_way(string dialect, string record, bool? locked, bool? ropeInserted, bool? coverClosed) =>
        Samples.Read(record, new TelemetryRoute("s", ReportRoute.Location, null, dialect)).Report.State.ShouldBe(new SealState(locked, ropeInserted, coverClosed));

    [Fact]
    public void The_status_word_wins_over_what_the_gateway_made_of_it() =>
        Samples.Read("""{"position":{"protocol":"jt600","attributes":{"status":64,"blocked":true}},"device":{"uniqueId":"1"}}""", DialectSamples.TraccarPosition)
            .Report.State.ShouldBe(new SealState(false, true, false));

    [Fact]
    public void A_truth_value_where_zero_means_locked_is_not_guessed_at() =>
        Samples.Read("""{"assetId":"1","lockStatus":true,"lockRope":"false"}""").Report.State.ShouldBe(SealState.NotReported);

    [Fact]
    public void These_are_the_dialects() =>
        TelemetryTables.BuiltIn.Dialects.ShouldBe(["jointcloud", "jt-sdk", "asc", "teratrack", "traccar"], ignoreOrder: true);

    [Fact]
    public void A_dialect_that_does_not_exist_is_refused_with_those_that_do() =>
        Should.Throw<FormatException>(() => Samples.ReadAny("{}", Samples.Location with { Dialect = "jointclowd" }))
            .Message.ShouldBe("There is no dialect 'jointclowd'. Known are asc, jointcloud, jt-sdk, teratrack, traccar. Add it to the telemetry tables.");
}
