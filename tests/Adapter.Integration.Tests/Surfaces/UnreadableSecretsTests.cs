using System.Net;
using System.Text;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What cannot be read is kept to be looked at, and holds no password.</summary>
public sealed class UnreadableSecretsTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"assetId":"8022300001","password":"739152","gpsTime":""", "739152")]
    [InlineData("""{"assetId":"8022300001",'FDynamicPassword' : '739152'}""", "739152")]
    [InlineData("""assetId=8022300001&PWD=739152&gpsTime=2026-07-01""", "739152")]
    [InlineData("""(8022300001,P43,0)(P43,739152)(P52,3,448812)""", "739152", "448812")]
    [InlineData("""[{"assetId":"8022300001","token":"f00dcafe"}] trailing""", "f00dcafe")]
    public async Task A_body_that_is_not_json_is_kept_with_its_secrets_blanked(string body, params string[] secrets)
    {
        using var answer = await _host.PushAsync(JointReports.Location, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var kept = Stored("SELECT body FROM unreadable_bodies").ShouldHaveSingleItem();
        kept.ShouldContain("8022300001", Case.Sensitive, "what is no secret stays readable");
        kept.ShouldContain("***");
        secrets.ShouldAllBe(secret => !kept.Contains(secret, StringComparison.Ordinal), kept);
    }

    [Fact]
    public async Task An_element_that_is_no_record_is_quarantined_with_its_secrets_blanked()
    {
        using var answer = await _host.PushAsync(JointReports.Alarm, """["lock 8022300001 (P43,739152)", ["pwd","448812"]]""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var kept = Stored("SELECT body FROM journal ORDER BY position");
        kept.Count.ShouldBe(2);
        kept[0].ShouldContain("8022300001");
        kept.ShouldAllBe(body => body.Contains("***", StringComparison.Ordinal) && !body.Contains("739152", StringComparison.Ordinal) && !body.Contains("448812", StringComparison.Ordinal));
    }

    private List<string> Stored(string sql)
    {
        using var session = _host.Services.GetRequiredService<SqliteDatabase>().OpenForReading();
        return session.Query(sql, row => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)));
    }
}
