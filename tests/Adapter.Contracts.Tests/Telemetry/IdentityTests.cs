using System.Text.Json.Nodes;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class IdentityTests
{
    [Fact]
    public void A_copy_in_another_order_spacing_and_with_another_receive_time_is_the_same_record()
    {
        var properties = JsonNode.Parse(Samples.LocationPush)!.AsObject().Reverse().Select(p => $"\"{p.Key}\" :\n {p.Value!.ToJsonString()}");
        var copy = $"{{ {string.Join(" ,\t", properties)} }}".Replace("08:59:56.964Z", "09:01:56.1234567Z", StringComparison.Ordinal);
        copy.ShouldContain("09:01:56.1234567Z");

        Identity(copy).ShouldBe(Identity(Samples.LocationPush.With()));
    }

    [Fact]
    public void Order_does_not_matter_inside_objects_but_does_in_arrays()
    {
        var first = Hash(Samples.LocationPush.With(("x", """{"a":{"c":1,"d":[1,2]},"b":2}""")));

        Hash(Samples.LocationPush.With(("x", """{"b":2,"a":{"d":[1,2],"c":1}}"""))).ShouldBe(first);
        Hash(Samples.LocationPush.With(("x", """{"b":2,"a":{"d":[2,1],"c":1}}"""))).ShouldNotBe(first);
    }

    [Fact]
    public void Any_other_change_is_another_record()
    {
        var hashes = new List<long> { Hash(Samples.LocationPush.With()) };
        foreach (var (name, _) in JsonNode.Parse(Samples.LocationPush)!.AsObject().Where(p => p.Key is not ("recvTime" or "assetId")))
        {
            hashes.Add(Hash(Samples.LocationPush.With((name, "\"other\""))));
            hashes.Add(Hash(Samples.LocationPush.With((name, null))));
        }

        hashes.Add(Hash(Samples.LocationPush.With(("assetId", "\"8022300002\""))));
        hashes.Add(Hash(Samples.LocationPush.With(("unheardOf", "1"))));
        hashes.Add(Hash(Samples.LocationPush.With(("unheardOf", "1.0"))));
        hashes.Add(Samples.Read(Samples.LocationPush.With(), Samples.Location with { Source = "other" }).Identity.ContentHash);
        hashes.Add(Samples.Read(Samples.LocationPush.With(), Samples.Location with { Route = ReportRoute.Status }).Identity.ContentHash);

        hashes.ShouldBeUnique();
    }

    [Fact]
    public void The_hash_never_changes_between_releases()
    {
        // Computed with sha256sum over "jointcloud", a zero byte, the route's byte 00 and the canonical record.
        Samples.Read("""{ "b" : 1, "recvTime":"2022-09-01T08:59:56Z", "assetId":"8022300001" }""").Identity.ContentHash
            .ShouldBe(PinnedHash);
    }

    private const long PinnedHash = 4796902817998237615;

    [Fact]
    public void The_report_second_is_the_locks_own_else_the_clouds_else_ours()
    {
        var received = Samples.ReceivedAt.AddDays(2);
        const string unset = "\"2000-01-01T00:00Z\"";

        Second(Samples.LocationPush).ShouldBe(1662022796);
        Second(Samples.LocationPush.With(("gpsTime", unset), ("recvTime", "\"2022-09-01T09:00:10.9Z\""))).ShouldBe(1662022810);
        Second(Samples.LocationPush.With(("gpsTime", unset), ("recvTime", null))).ShouldBe(received.ToUnixTimeSeconds());

        long Second(string json) => Samples.Read(json, receivedAt: received).Identity.ReportSecond;
    }

    [Theory]
    [InlineData("FEndTime", "\"2022-09-01T10:20:00\"")]
    [InlineData("FEndLongitude", "36.6")]
    [InlineData("FEndLatitude", "32.3")]
    [InlineData("FEndSpeed", "3")]
    [InlineData("FEndMileage", "121")]
    [InlineData("FKeepSeconds", "270")]
    [InlineData("FKeepDistance", "1")]
    [InlineData("FCurrentStatus", "0")]
    [InlineData("endTime", "\"2022-09-01T10:20:00\"")]
    public void What_a_source_fills_in_later_makes_a_revision(string name, string json)
    {
        var first = Samples.Read(Samples.AlarmRow, Samples.Alarm).Identity;
        var later = Samples.Read(Samples.AlarmRow.With((name, json)), Samples.Alarm).Identity;

        later.SourceId.ShouldBe(first.SourceId);
        later.FixedHash.ShouldBe(first.FixedHash);
        later.ContentHash.ShouldNotBe(first.ContentHash);
    }

    [Theory]
    [InlineData("FDataType", "9")]
    [InlineData("FStartTime", "\"2022-09-01T10:15:31\"")]
    [InlineData("FVehicleName", "\"JO 99-00000\"")]
    public void A_different_beginning_under_the_same_id_is_a_conflict(string name, string json)
    {
        var first = Samples.Read(Samples.AlarmRow, Samples.Alarm).Identity;
        var other = Samples.Read(Samples.AlarmRow.With((name, json)), Samples.Alarm).Identity;

        other.SourceId.ShouldBe(first.SourceId);
        other.FixedHash.ShouldNotBe(first.FixedHash);
    }

    [Fact]
    public void A_property_written_twice_counts_with_its_last_value()
    {
        var twice = Samples.Read("""{"assetId":"1","speed":10,"assetId":"2","speed":20}""");

        twice.Report.Lock.Value.ShouldBe("2");
        twice.Report.Motion.SpeedKmh.ShouldBe(20);
        twice.Identity.ShouldBe(Samples.Read("""{"assetId":"2","speed":20}""").Identity);
    }

    [Fact]
    public void Of_two_names_of_one_field_the_first_listed_counts_in_any_order()
    {
        Samples.Read("""{"assetId":"1","deviceId":"2"}""").Report.Lock.Value.ShouldBe("1");
        Samples.Read("""{"deviceId":"2","assetId":"1"}""").Report.Lock.Value.ShouldBe("1");
        Samples.Read("""{"deviceId":"2","assetId":"null"}""").Report.Lock.Value.ShouldBe("2");
    }

    [Fact]
    public void A_source_id_longer_than_any_is_none() =>
        Samples.Read(Samples.AlarmRow.With(("FGUID", $"\"{new string('a', 65)}\"")), Samples.Alarm).Identity.SourceId.ShouldBeNull();

    private static RecordIdentity Identity(string json) => Samples.Read(json).Identity;

    private static long Hash(string json) => Identity(json).ContentHash;
}
