using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Admin.Report;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Tests.Journeys;
using Adapter.Host.Tests.Verification;

namespace Adapter.Host.Tests.Admin.Report;

public class ReportPageTests
{
    private static readonly DateTimeOffset Now = Trip.At(1200);

    [Fact]
    public void Whatever_others_wrote_is_shown_as_text()
    {
        var trip = new Trip();
        const string evil = "\"><script>alert(1)</script>&amp;'\u202Etxet";
        trip.Registration = trip.Registration with { Carrier = new Carrier(null, evil), Vehicle = new Vehicle(evil, null), Containers = [new Container(evil, [new Seal(evil)])], Locks = [new LockAssignment(Story.Lock, evil, Story.Start)] };
        trip.ObserveArrival(o => o with { Remark = evil, VehiclePlate = evil });
        // The map has texts of its own: the codes of offices, and what happened at its marks.
        trip.Registration = trip.Registration with { Transit = [new Office(evil, evil, null, Trip.Along(20))] };
        trip.Orders.Add(Trip.Order(400, 430, place: Trip.Along(20)) with { Officer = evil });
        var report = Of(trip) with
        {
            JourneyId = evil,
            Messages = [new MessageLine(evil, evil, 1, 1, evil, evil, Now, evil, null, evil, null, evil, 1, evil, evil, [new ReceiptLine(evil, Now, evil, 500, evil, evil)])],
            Evidence = [new EvidenceLine(1, evil, evil, evil, Now, evil)],
        };

        var page = ReportPage.Of(report, rightToLeft: false);

        page.ShouldNotContain("<script");
        page.ShouldNotContain('\u202E');
        page.ShouldContain("\\u202E");
        Elements(page).Descendants().ShouldNotContain(e => e.Name.LocalName == "script");
        Elements(page).Descendants().SelectMany(e => e.Attributes()).ShouldNotContain(a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere_and_allows_nothing_but_its_own_style()
    {
        var page = ReportPage.Of(Of(new Trip()), rightToLeft: false);
        var style = StyleOf(page);

        ReportPage.ContentSecurityPolicy.ShouldContain($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'");
        ReportPage.ContentSecurityPolicy.ShouldStartWith("default-src 'none'");
        style.ShouldNotContain("url(");
        var attributes = Elements(page).DescendantsAndSelf().SelectMany(e => e.Attributes()).ToList();
        attributes.ShouldNotContain(a => a.Name.LocalName == "src" || a.Name.LocalName == "style");
        attributes.Where(a => a.Name.LocalName == "href").ShouldAllBe(a => a.Value.StartsWith('#'));
    }

    [Theory]
    [InlineData(false, "ltr")]
    [InlineData(true, "rtl")]
    public void The_page_runs_in_either_direction_and_what_others_wrote_keeps_its_own(bool rightToLeft, string direction)
    {
        var trip = new Trip();
        trip.Registration = trip.Registration with { Carrier = new Carrier(null, "شركة النقل") };

        var page = ReportPage.Of(Of(trip), rightToLeft);

        page.ShouldContain($"<html lang=\"en\" dir=\"{direction}\">");
        Elements(page).Descendants("bdi").Select(b => b.Value).ShouldContain("شركة النقل");
        StyleOf(page).ShouldNotContain("-left");
        Elements(page).Descendants("td").ShouldAllBe(cell => (string?)cell.Elements().Single().Attribute("dir") == "ltr", "what the program wrote is English in either page");
    }

    [Fact]
    public void Tables_can_be_reached_by_keyboard_have_captions_and_tell_each_cell_s_head_on_small_screens()
    {
        var page = Elements(ReportPage.Of(Of(new Trip()), rightToLeft: false));

        var tables = page.Descendants("table").ToList();
        tables.Count.ShouldBeGreaterThanOrEqualTo(3);
        tables.ShouldAllBe(t => t.Element("caption") != null && t.Parent!.Attribute("tabindex")!.Value == "0" && t.Parent.Attribute("role")!.Value == "region");
        page.Descendants("td").ShouldAllBe(cell => !string.IsNullOrEmpty((string?)cell.Attribute("data-label")));
        page.Descendants("section").ShouldAllBe(s => page.Descendants("h2").Any(h => (string?)h.Attribute("id") == s.Attribute("aria-labelledby")!.Value));
        page.Descendants("a").First().Attribute("href")!.Value.ShouldBe("#findings");
    }

    [Fact]
    public void Severity_and_state_are_words_and_open_findings_come_first()
    {
        var trip = new Trip();
        trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z" });
        var report = Of(trip);
        report = report with { Findings = [new Finding("a", "a.closed", Severity.Critical, "Explained by late data.", Now, Now), .. report.Findings] };

        var page = Elements(ReportPage.Of(report, rightToLeft: false));

        var rows = page.Descendants("section").Single(s => s.Attribute("aria-labelledby")!.Value == "findings").Descendants("tbody").Single().Elements("tr").Select(r => r.Elements("td").Select(d => d.Value).ToList()).ToList();
        rows[0].Take(2).ShouldBe(["Warning", "open"]);
        rows[0][2].ShouldContain("saw UAX 999Z. (vehicle.plate-differs)");
        rows[1].Take(2).ShouldBe(["Critical", "closed 2026-06-02 02:00 UTC"]);
        page.Descendants("header").Single().Value.ShouldContain("1 open finding");
    }

    [Fact]
    public void The_map_shows_corridor_offices_locks_what_was_off_the_route_and_numbered_alarms()
    {
        var trip = new Trip();
        foreach (var leg in (int[])[10, 11])
        {
            trip.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg, north: 0.5)));
        }

        trip.Reports.Add(Story.Event(300, LockEventKind.RopeCut, Trip.Along(14)));
        var report = Of(trip);
        var svg = Elements(ReportPage.Of(report, rightToLeft: false)).Descendants().Single(e => e.Name.LocalName == "svg");

        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        texts.ShouldContain("KEMBA001");
        texts.ShouldContain("UGMLB001");
        var number = report.Timeline.Select((m, i) => (m, i)).Single(t => t.m.Text.Contains("ROPE_CUT", StringComparison.Ordinal)).i + 1;
        texts.ShouldContain(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        svg.Descendants().Count(e => (string?)e.Attribute("stroke") == "#a40000").ShouldBe(1);
        var deviation = report.Timeline.Single(m => m.Text.Contains("route.deviation", StringComparison.Ordinal));
        deviation.Where.ShouldNotBeNull().MetresTo(Trip.Along(10, north: 0.5)).ShouldBeLessThan(30_000);
        svg.Descendants().Count(e => (string?)e.Attribute("fill") == "#7a4b00").ShouldBe(1, "the finding has its mark");
        svg.Descendants().Where(e => e.Name.LocalName == "path").SelectMany(Numbers)
            .ShouldAllBe(v => v >= -1 && v <= 961);
    }

    [Theory]
    [InlineData(179.9, -179.9)]
    [InlineData(39.65, 39.65)]
    public void The_map_holds_together_over_the_180th_meridian_and_in_one_point(double from, double to)
    {
        var report = Of(new Trip()) with { Routes = [new LockRoute("1", null, 60, [new(Now, 10, from, null), new(Now, 10, to, null)], [], [], [])] };
        report = report with { Registration = report.Registration with { Route = null, Departure = new Office("A", null, null, null), Destination = new Office("B", null, null, null) }, Timeline = [] };

        var line = Elements(ReportPage.Of(report, rightToLeft: false)).Descendants().Single(e => (string?)e.Attribute("stroke") == "#1f4e79" && (string?)e.Attribute("fill") == "none");

        Numbers(line).ShouldAllBe(x => x >= 0 && x <= 960);
    }

    [Fact]
    public void A_journey_without_places_says_so()
    {
        var report = Of(new Trip()) with { Routes = [], Timeline = [] };
        report = report with { Registration = report.Registration with { Route = null, Departure = new Office("A", null, null, null), Destination = new Office("B", null, null, null) } };

        ReportPage.Of(report, rightToLeft: false).ShouldContain("No place of this journey is known");
    }

    [Fact]
    public void The_timeline_is_in_order_and_marks_what_was_late()
    {
        var trip = new Trip();
        trip.Reports.Add(Story.Event(300, LockEventKind.RopeCut, Trip.Along(14), receivedMinute: 900));
        var report = Of(trip);

        report.Timeline.Select(m => m.At).ShouldBeInOrder();
        var cut = report.Timeline.Single(m => m.Kind == "alarm");
        (cut.Late, cut.At, cut.KnownAt).ShouldBe((true, Trip.At(300), Trip.At(900)));
        ReportPage.Of(report, rightToLeft: false).ShouldContain("<span class=\"late\">late: 2026-06-01 21:00 UTC</span>");
    }

    [Fact]
    public void What_people_did_ordered_and_saw_is_told_beside_what_the_locks_report_and_each_is_evidence()
    {
        var trip = new Trip();
        trip.Orders.Add(Trip.Order(770, 800, "UGMLB001"));
        trip.Reports.Add(Story.Event(300, LockEventKind.RopeCut, Trip.Along(14)));
        var state = trip.State();
        var before = state.Journey!.Registration;
        state = state with
        {
            Journey = state.Journey with { Amendments = [new Amendment(Trip.At(400), "clerk", "breakdown", ["Vehicle is UAX 999Z instead of KBX 123A."], 800) { Before = before }] },
        };

        var report = ReportAssembly.Compose(state, [], [], Now);

        var texts = report.Timeline.Select(m => m.Text).ToList();
        texts.ShouldContain("Amended by clerk: Vehicle is UAX 999Z instead of KBX 123A. Reason: breakdown");
        texts.ShouldContain("Order O-1 of officer 7 to open all locks for Release, until 2026-06-01 19:20 UTC.");
        texts.ShouldContain("the officer at UGMLB001 on 2026-06-01 18:45 UTC: vehicle KBX-123A, container MSKU1234567 with S-1 (Intact), S-2 (Intact), 100 packages.");
        texts.ShouldContain("the transportation system: arrived.");
        texts.ShouldContain("Closed by alice: done");
        report.Seals.Single(s => s.Number == "S-1").Seen.ShouldBe(["the gate at KEMBA001 on 2026-06-01 06:20 UTC: Intact", "the officer at UGMLB001 on 2026-06-01 18:45 UTC: Intact"]);
        report.Seals.Single(s => s.IsLock).Seen.ShouldContain(seen => seen.StartsWith("sealed 2026-06-01 06:05 UTC to ", StringComparison.Ordinal));
        // Manifest, observations, assertions, amendment, order; the lock's reports have entries of their own.
        long[] entries = [900, 921, 1666, 903, 904, 800, 950, .. state.Episodes.SelectMany(e => e.Evidence)];
        entries.Length.ShouldBeGreaterThan(7);
        entries.Except(ReportMoments.Entries(state)).ShouldBeEmpty();
    }

    [Fact]
    public void Hashes_of_messages_and_evidence_stand_on_the_page_in_the_order_of_the_lane()
    {
        MessageLine Message(int number, char hash) =>
            new($"id-{number}", "manifest", number, 1, "seal/episode-1", "SEAL", Now, "delivered", Now, null, null, "manifest-notification", 3, new string(hash, 64), null, [new ReceiptLine("deliver", Now, "accepted", 200, null, new string('d', 64))]);
        var report = ReportAssembly.Compose(new Trip().State(), [Message(2, 'b'), Message(1, 'c')], [new EvidenceLine(1, "Registration", "clerk", "register-journey", Now, new string('a', 64))], Now) with { IsCut = true };

        var page = ReportPage.Of(report, rightToLeft: false);

        report.Messages.Select(m => m.Number).ShouldBe([1, 2]);
        "abcd".ShouldAllBe(hash => page.Contains(new string(hash, 64), StringComparison.Ordinal));
        page.ShouldContain("There is more than is listed here.");
        page.ShouldContain("stroke=\"#b9d7b9\"", Case.Sensitive, "the corridor is drawn");
    }

    [Fact]
    public void The_same_state_gives_the_same_page() => ReportPage.Of(Of(new Trip()), rightToLeft: false).ShouldBe(ReportPage.Of(Of(new Trip()), rightToLeft: false));

    internal static JourneyReport Of(Trip trip) => ReportAssembly.Compose(trip.State() with { Findings = trip.Findings() }, [], [new EvidenceLine(1, "Registration", "clerk", "register-journey", Now, new string('a', 64))], Now);

    private static string StyleOf(string page) => page.Split("<style>")[1].Split("</style>")[0];

    private static IEnumerable<double> Numbers(XElement path) => path.Attribute("d")!.Value.Split(['M', 'L', 'V', 'H', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries)
        .Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The page as elements: it is well-formed, or this fails.</summary>
    private static XElement Elements(string page)
    {
        using var reader = System.Xml.XmlReader.Create(new StringReader(page["<!DOCTYPE html>".Length..].Trim()));
        return XElement.Load(reader);
    }
}
