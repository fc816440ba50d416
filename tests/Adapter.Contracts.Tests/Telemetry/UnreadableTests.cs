using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class UnreadableTests
{
    [Theory]
    [InlineData("[]", "this is Array")]
    [InlineData("7", "this is Number")]
    [InlineData("{", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("{\"assetId\":\"1\"} {}", "not JSON")]
    [InlineData("{}", "names no lock")]
    [InlineData("{\"assetId\":\"\"}", "names no lock")]
    [InlineData("{\"assetId\":null}", "names no lock")]
    [InlineData("{\"assetId\":\"\\ud800\"}", "names no lock")]
    [InlineData("{\"assetId\":\"80\\u0007\"}", "no lock id")]
    public void Only_a_record_that_names_no_lock_is_unreadable_and_the_reason_says_so(string json, string reason) =>
        Samples.ReadAny(json).ShouldBeOfType<ReadElement.Unreadable>().Reason.ShouldContain(reason);

    [Fact]
    public void A_lock_number_longer_than_any_lock_is_unreadable() =>
        Samples.ReadAny($$"""{"assetId":"{{new string('8', 65)}}"}""").ShouldBeOfType<ReadElement.Unreadable>().Reason.ShouldContain("65 characters");

    [Fact]
    public void Nesting_is_read_to_depth_sixteen_and_refused_beyond()
    {
        Samples.ReadAny(Nested(15)).ShouldBeOfType<ReadElement.Read>();
        Samples.ReadAny(Nested(16)).ShouldBeOfType<ReadElement.Unreadable>().Reason.ShouldContain("16 deep");

        static string Nested(int arrays) => $$"""{"assetId":"8022300001","x":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
    }

    [Theory]
    [InlineData("\"x\":\"\\ud800\"")]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"FDataType\":{\"a\":[1,null]}")]
    [InlineData("\"FDataType\":[[],{},null]")]
    [InlineData("\"gpsTime\":{}")]
    [InlineData("\"latitude\":[],\"longitude\":{}")]
    [InlineData("\"statusJson\":7,\"expandInfo\":[]")]
    public void Odd_values_elsewhere_do_not_make_a_record_unreadable(string oddity)
    {
        var json = $$"""{"assetId":"8022300001",{{oddity}}}""";

        Samples.ReadAny(json).ShouldBeOfType<ReadElement.Read>();
        Samples.Read(json, Samples.Alarm).Report.Events.ShouldHaveSingleItem();
    }
}
