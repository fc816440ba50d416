using System.Text;
using System.Text.Json;
using Adapter.Host.Ingest.Webhook;

namespace Adapter.Host.Tests.Ingest;

public class JsonElementsTests
{
    [Fact]
    public void An_object_is_one_record() => Cut(""" {"assetId":"1","more":[1,{"a":"}"}]} """).ShouldBe(["""{"assetId":"1","more":[1,{"a":"}"}]}"""]);

    [Fact]
    public void An_array_is_cut_into_its_elements_byte_for_byte() =>
        Cut(""" [ {"a": 1} , {"b":"],[ \" ü"} ,3,null,"x",[1, 2] ] """).ShouldBe(["""{"a": 1}""", """{"b":"],[ \" ü"}""", "3", "null", "\"x\"", "[1, 2]"]);

    [Fact]
    public void An_empty_array_holds_nothing() => Cut("[]").ShouldBeEmpty();

    [Fact]
    public void A_byte_order_mark_before_the_body_is_no_reason_to_refuse_it() => Cut("\uFEFF{\"a\":1}").ShouldBe(["{\"a\":1}"]);

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    public void An_empty_body_is_refused_with_what_to_send(string body) =>
        Should.Throw<JsonException>(() => Cut(body)).Message.ShouldBe("The body is empty. Send one object or an array of objects.");

    [Theory]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":1}{\"a\":2}")]
    [InlineData("[{\"a\":1}],")]
    [InlineData("[{\"a\":1},]")]
    [InlineData("[{\"a\":1}")]
    [InlineData("{\"a\":1")]
    [InlineData("{a:1}")]
    [InlineData("assetId=1")]
    [InlineData("// note\n{}")]
    public void What_is_not_JSON_to_its_end_is_refused_whole(string body) => Should.Throw<JsonException>(() => Cut(body));

    [Fact]
    public void Text_that_is_not_UTF8_does_not_break_the_cutting_of_its_neighbours()
    {
        byte[] body = [.. "[{\"a\":\""u8, 0xFF, .. "\"},{\"b\":2}]"u8];

        var cut = JsonElements.Cut(body, most: 10).ShouldNotBeNull();

        Encoding.UTF8.GetString(cut[1].Span).ShouldBe("{\"b\":2}");
    }

    [Fact]
    public void As_many_records_as_allowed_are_taken_and_with_one_more_none_is()
    {
        Cut("[1,2,3]", most: 3).Count.ShouldBe(3);
        JsonElements.Cut("[1,2,3,4]"u8.ToArray(), most: 3).ShouldBeNull();
    }

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100_000)]
    public void Deep_JSON_is_JSON_and_its_neighbours_are_cut_all_the_same(int depth) => Cut($"[{Nested(depth)},1]").ShouldBe([Nested(depth), "1"]);

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static List<string> Cut(string body, int most = 100) =>
        JsonElements.Cut(Encoding.UTF8.GetBytes(body), most).ShouldNotBeNull().ConvertAll(element => Encoding.UTF8.GetString(element.Span));
}
