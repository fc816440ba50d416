using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class ElisionTests
{
    private const string Secret = "482913";

    [Fact]
    public void A_record_without_secrets_keeps_its_bytes()
    {
        var read = Samples.Read(Samples.LocationPush);

        Samples.Text(read).ShouldBe(Samples.LocationPush);
        read.Elided.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"assetId":"1", "password" : "482913" ,"b":2}""", """{"assetId":"1", "password" : "***" ,"b":2}""", "password")]
    [InlineData("""{"assetId":"1","DYNAMICPASSWORD":482913}""", """{"assetId":"1","DYNAMICPASSWORD":"***"}""", "DYNAMICPASSWORD")]
    [InlineData("""{"assetId":"1","p\u0077d":"482913"}""", """{"assetId":"1","p\u0077d":"***"}""", "pwd")]
    [InlineData("""{"assetId":"1","a":[{"pwd":"482913"}]}""", """{"assetId":"1","a":[{"pwd":"***"}]}""", "a.pwd")]
    [InlineData("""{"assetId":"1","pwd":"482913","pwd":"482913"}""", """{"assetId":"1","pwd":"***","pwd":"***"}""", "pwd")]
    [InlineData("""{"assetId":"1","FInsContent":"(P43,482913)"}""", """{"assetId":"1","FInsContent":"(P43,***)"}""", "FInsContent")]
    [InlineData("""{"assetId":"1","back":"(8022300001,P52,2,482913)"}""", """{"assetId":"1","back":"(8022300001,P52,2,***)"}""", "back")]
    [InlineData("""{"assetId":"1","ins":"\u0028P52,3,482913)"}""", """{"assetId":"1","ins":"(P52,3,***)"}""", "ins")]
    public void Secrets_are_replaced_and_named_and_all_else_keeps_its_bytes(string json, string body, string elided)
    {
        var read = Samples.Read(json);

        Samples.Text(read).ShouldBe(body);
        read.Elided.ShouldBe([elided]);
    }

    [Fact]
    public void A_secret_in_json_inside_a_string_is_replaced()
    {
        var read = Samples.Read(Samples.LocationPush.With(("expandInfo", JsonSerializer.Serialize($$"""{"angle":"1","pwd":"{{Secret}}","in":"(P43,{{Secret}})"}"""))));

        Samples.Text(read).ShouldNotContain(Secret);
        read.Elided.ShouldBe(["expandInfo.pwd", "expandInfo.in"]);
        JsonDocument.Parse(read.Body).RootElement.GetProperty("expandInfo").GetString().ShouldBe("""{"angle":"1","pwd":"***","in":"(P43,***)"}""");
    }

    [Fact]
    public void An_escape_does_not_hide_a_name_in_json_inside_a_string()
    {
        var read = Samples.Read(Samples.LocationPush.With(("expandInfo", JsonSerializer.Serialize("""{"p\u0077d":"482913"}"""))));

        Samples.Text(read).ShouldNotContain(Secret);
        read.Elided.ShouldBe(["expandInfo.pwd"]);
    }

    [Theory]
    [InlineData("""{"assetId":"1","password":""}""")]
    [InlineData("""{"assetId":"1","password":null}""")]
    [InlineData("""{"assetId":"1","passwordErrors":3,"pwdOk":1}""")]
    [InlineData("""{"assetId":"1","back":"(8022300001,P52,3,1,0)"}""")]
    public void What_holds_no_secret_is_left_alone(string json)
    {
        var read = Samples.Read(json);

        Samples.Text(read).ShouldBe(json);
        read.Elided.ShouldBeEmpty();
    }

    [Fact]
    public void The_stored_body_reads_as_the_same_record_and_the_hash_tells_nothing_of_the_secret()
    {
        var record = Samples.LocationPush.With(("pwd", $"\"{Secret}\""), ("expandInfo", JsonSerializer.Serialize($$"""{"pwd":"{{Secret}}"}""")));
        var read = Samples.Read(record);
        read.Elided.Count.ShouldBe(2);

        Samples.Read(Samples.Text(read)).Identity.ShouldBe(read.Identity);
        Samples.Read(record.Replace(Secret, "000000", StringComparison.Ordinal)).Identity.ShouldBe(read.Identity);
    }

    [Fact]
    public void A_deployment_adds_secrets_and_never_loses_ours()
    {
        var reader = TelemetryReader.Create(TelemetryTables.Parse("""{"secretFields":["openCode"]}"""));

        var read = Samples.Read("""{"assetId":"1","openCode":"482913","pwd":"482913"}""", reader: reader);

        read.Elided.ShouldBe(["openCode", "pwd"]);
        read.Report.Lock.ShouldBe(LockId.Parse("1"));
    }
}
