using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class LockReportJsonTests
{
    [Fact]
    public void A_report_survives_json()
    {
        var report = Samples.Read(Samples.AlarmRow, Samples.Alarm).Report;
        var json = JsonSerializer.Serialize(report);

        var back = JsonSerializer.Deserialize<LockReport>(json).ShouldNotBeNull();

        (back with { Events = report.Events }).ShouldBe(report);
        back.Events.ShouldBe(report.Events);
    }

    [Fact]
    public void Every_kind_is_written_as_its_code_in_upper_case()
    {
        foreach (var kind in Enum.GetValues<LockEventKind>())
        {
            var json = JsonSerializer.Serialize(kind);
            json.ShouldMatch("^\"[A-Z0-9_]+\"$");
            JsonSerializer.Deserialize<LockEventKind>(json).ShouldBe(kind);
        }

        JsonSerializer.Serialize(LockEventKind.RopeCut).ShouldBe("\"ROPE_CUT\"");
        JsonSerializer.Serialize(LockEventKind.WrongPassword).ShouldBe("\"WRONG_PASSWORD_5\"");
    }
}
