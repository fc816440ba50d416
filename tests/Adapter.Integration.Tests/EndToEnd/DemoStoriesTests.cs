using System.Xml.Linq;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>The demo as anybody runs it: three journeys, a lock that is on none, and what is found of them.</summary>
public sealed class DemoStoriesTests
{
    [Fact]
    public async Task The_demo_prints_what_is_found_of_a_clean_a_cut_and_a_straying_journey_and_of_a_lock_on_none()
    {
        var folder = Directory.CreateTempSubdirectory("demo-");
        var kept = Path.Combine(folder.FullName, "out");

        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--pace", "0", "--store", Path.Combine(folder.FullName, "store"), "--out", kept);

        code.ShouldBe(0, output);
        // The console breaks lines where they end.
        var printed = string.Join(' ', output[output.IndexOf("what was found", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Between(printed, "NC-2026-000418", "NC-2026-000417").ShouldEndWith("rests where a stop is planned nothing ");
        var cut = Between(printed, "NC-2026-000417", "NC-2026-000419");
        cut.ShouldMatch(@"stop\.unauthorised Warning Open No stop is planned there, but the goods stood at -0\.\d+, 36\.\d+ from 2\d{3}-\d\d-\d\d \d\d:\d\d UTC to .* 15 min are allowed\.");
        cut.ShouldMatch(@"telemetry\.signal-lost Warning Explained Lock 8022300001 is to report all the way, .* Explained by late data\.");
        cut.ShouldMatch(@"telemetry\.gap Warning Explained Lock 8022300001 .* Explained by late data\.");
        var astray = Between(printed, "NC-2026-000419", "lock 8022300004");
        astray.ShouldMatch(@"route\.deviation Critical Open The route has a tolerance of 1500 m, but the goods were up to \d+\.\d km outside it");
        astray.ShouldMatch(@"journey\.overdue Critical Open The goods are due at UGMLB001 by .* nobody has seen them arrive by then\.");
        var stray = Between(printed, "lock 8022300004", "All of it arrived");
        stray.ShouldMatch(@"movement\.without-journey Warning Open Lock 8022300004 is sealed and on no journey, but moved 3\d\.\d km: at -4\.0370, 39\.6310 at 2\d{3}-\d\d-\d\d \d\d:\d\d UTC, at ");
        ((cut + astray + stray).Split(" Open ").Length - 1).ShouldBe(4);
        printed.ShouldEndWith("What was found is what happened, and nothing else.");

        // A stranger sees whose message it is, its whole id, and that the second word on the silence takes the first back.
        output.ShouldMatch(@"(?m)^NC-2026-000417  MRN 26KE0MBA00482917J1\r?$");
        output.ShouldMatch(@"(?m)^   3  SIGNAL_LOST        [0-9a-f]{32}  ACCEPTED\r?$");
        output.Split("takes it back").Length.ShouldBe(1 + TwinName.All.Count);
        output.ShouldMatch(@"(?m)^lock 8022300004\r?\n   1  UNAUTHORISED_TRIP  [0-9a-f]{32}  RECORDED\r?$");
        output.Split("nothing: it did not ask to hear of locks on no journey").Length.ShouldBe(3, "the manifest system and the neighbour");

        foreach (var twin in TwinName.All)
        {
            Directory.GetFiles(Path.Combine(kept, twin)).Length.ShouldBe(DemoStory.All().Sum(story => story.KindsFor(twin).Count), "one file for each message");
        }

        // What is told of the silence is taken back under the same name.
        var silence = Directory.GetFiles(Path.Combine(kept, TwinName.Manifest), "*-SIGNAL_LOST.xml").Order(StringComparer.Ordinal).Select(XElement.Load).ToList();
        silence.Count.ShouldBe(2);
        var first = Value(silence[0], "MessageId").ShouldNotBeNull();
        Value(silence[0], "Withdrawn").ShouldBeNull();
        (Value(silence[1], "Corrects"), Value(silence[1], "Withdrawn")).ShouldBe((first, "true"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_demo_of_which_something_else_is_found_is_not_complete()
    {
        var story = DemoStory.All()[2];
        DemoFinding deviation = new("route.deviation", "Critical", "Open", "…"), overdue = new("journey.overdue", "Critical", "Open", "…");

        story.IsFound([overdue, deviation]).ShouldBeTrue();
        story.IsFound([deviation]).ShouldBeFalse();
        story.IsFound([deviation, overdue, overdue]).ShouldBeFalse();
        story.IsFound([deviation, overdue with { State = "Explained" }]).ShouldBeFalse();
        DemoStory.All()[^1].IsFound([]).ShouldBeFalse();
    }

    private static string? Value(XElement message, string name) => message.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, text);
        var end = text.IndexOf(to, start, StringComparison.Ordinal);
        end.ShouldBeGreaterThan(start, text);
        return text[start..end];
    }
}
