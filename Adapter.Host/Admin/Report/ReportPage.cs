using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Adapter.Contracts.Transit;
using Adapter.Host.Verification;

namespace Adapter.Host.Admin.Report;

/// <summary>A report as one page that needs nothing else: to read on any screen, to print on A4, in either direction of writing.</summary>
internal static class ReportPage
{
    private const string Style = """
        :root{color-scheme:light}
        body{font:16px/1.45 sans-serif;color:#1b1b1b;background:#fff;margin:0 auto;max-width:72rem;padding:1rem}
        h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin-block:2rem .5rem;border-block-end:2px solid #1b1b1b}
        a{color:#1f4e79}.skip{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}.skip:focus{position:static;inline-size:auto;block-size:auto;clip-path:none}
        :focus-visible{outline:3px solid #1f4e79;outline-offset:2px}
        .scroll{overflow-x:auto}svg{width:100%;height:auto;display:block}
        table{border-collapse:collapse;inline-size:100%}caption{text-align:start;padding-block:.25rem;color:#595959}
        th,td{text-align:start;vertical-align:top;padding:.3rem .5rem;border-block-end:1px solid #c6c6c6;overflow-wrap:break-word}
        th{background:#f0f0ec}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}dt{color:#595959}dd{margin:0;overflow-wrap:anywhere}
        .hash{font-family:monospace;font-size:.8rem;overflow-wrap:anywhere}[dir=rtl] .own{text-align:right}.late{font-weight:bold}
        .word{display:inline-block;border:2px solid currentColor;border-radius:.3rem;padding:0 .35rem;font-weight:bold;white-space:nowrap}
        .critical{color:#a40000}.warning{color:#7a4b00}.info,.good{color:#1f4e79}.closed{color:#595959}
        .none{color:#595959}
        @media (max-width:45rem){
        dl{grid-template-columns:1fr}dt{margin-block-start:.4rem}
        thead{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}tr{display:block;border-block-end:2px solid #767676;padding-block:.4rem}
        td{display:block;border:0;padding:.1rem 0}td::before{content:attr(data-label);color:#595959;font-size:.85rem}}
        @media print{@page{size:A4;margin:14mm}body{font-size:10pt;padding:0;max-width:none}h2{break-after:avoid}tr,svg{break-inside:avoid}.skip{display:none}}
        """;

    /// <summary>What the page may load: nothing, but for its own style by its hash.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style.ReplaceLineEndings("\n"))))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="rightToLeft">Direction of the page; what others wrote keeps its own.</param>
    public static string Of(JourneyReport report, bool rightToLeft)
    {
        var marked = report.Timeline.Select((moment, i) => (Number: i + 1, Moment: moment)).Where(m => m.Moment.Where is not null && m.Moment.Kind != "milestone").Take(60).ToList();
        var style = Style.ReplaceLineEndings("\n");
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en" dir="{(rightToLeft ? "rtl" : "ltr")}">
            <head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>Journey {report.JourneyId}: report</title><style>{Markup.Verbatim(style)}</style></head>
            <body><a class="skip" href="#findings">To the findings</a>
            <header><h1 class="own" dir="ltr">Journey {Markup.Data(report.JourneyId)}</h1><p class="own" dir="ltr">{Status(report)} Report made on {When(report.GeneratedAt)} by {report.Software}, from state {report.StateVersion}.</p></header>
            <main>
            <section aria-labelledby="plan"><h2 id="plan">Declared</h2>{Plan(report)}</section>
            <section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>{Findings(report)}</section>
            <section aria-labelledby="map"><h2 id="map">Route</h2>{RouteDrawing.Of(report, marked)}
            <p class="own" dir="ltr">Green: planned. Dark line: where the locks were{(report.Routes.Count > 1 ? ", each with its own dashes" : "")}. Broad red: outside the corridor. Numbers are those of the timeline: squares for seals and orders, diamonds for alarms, triangles for findings.</p></section>
            <section aria-labelledby="milestones"><h2 id="milestones">Milestones</h2>{Table("Each milestone with the word of every side.", ["Milestone", "State", "Evidence"], report.Milestones.Select(m => (Markup[])[
                Markup.Of($"{m.Name}"), Markup.Of($"{(m.State == nameof(Journeys.MilestoneState.OneSided) ? "one-sided" : m.State.ToLowerInvariant())}"), Markup.Of($"{string.Join("; ", m.Evidence.Select(e => $"{e.Key} {When(e.Value)}"))}")]))}</section>
            <section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>{Table("By the time at which it happened. Late: heard of much later.", ["Line", "Happened", "Known", "What", "Where"], report.Timeline.Select((m, i) => (Markup[])[
                Markup.Of($"{i + 1}"), Markup.Of($"{When(m.At)}"), m.Late ? Markup.Of($"<span class=\"late\">late: {When(m.KnownAt)}</span>") : Markup.Of($"{When(m.KnownAt)}"),
                Markup.Of($"{m.Kind}: {Markup.Data(m.Text)}"), Markup.Of($"{(m.Where is null ? "" : Words.Where(m.Where)[3..])}")]))}</section>
            <section aria-labelledby="seals"><h2 id="seals">Seals</h2>{Table("Declared seals and e-locks.", ["Number", "Kind", "Container", "Seen"], report.Seals.Select(s => (Markup[])[
                Markup.Data(s.Number), Markup.Of($"{(s.IsLock ? "e-lock" : "seal")}"), Markup.Data(s.Container), Markup.Data(string.Join("; ", s.Seen))]))}</section>
            <section aria-labelledby="messages"><h2 id="messages">Messages</h2>{Table("What was told to whom, and how they answered.", ["To", "Number", "What", "State", "Receipts", "Message and its bytes"], report.Messages.Select(m => (Markup[])[
                Markup.Data(m.Destination), Markup.Of($"{m.Number}{(m.Revision > 1 ? $", revision {m.Revision}" : "")}"), Markup.Of($"{m.DecisionKey} ({m.Kind}) of {When(m.OccurredAt)}{(m.Corrects is null ? "" : $", corrects {m.Corrects}")}"),
                Markup.Of($"{m.State}{(m.Problem is null ? "" : $": {m.Problem}")}"), Receipts(m), Markup.Of($"<span class=\"hash\">{m.Id}<br/>{m.Document} {m.DocumentVersion}<br/>SHA-256 {m.BodySha256 ?? "none"}</span>")]))}</section>
            <section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>{Table("Journal entries that this report rests on, with the SHA-256 of their bytes.", ["Entry", "Received", "From", "What", "SHA-256"], report.Evidence.Select(e => (Markup[])[
                Markup.Of($"{e.Position}"), Markup.Of($"{When(e.ReceivedAt)}"), Markup.Data(e.Source), Markup.Of($"{e.Kind}, {e.Route}"), Markup.Of($"<span class=\"hash\">{e.Sha256}</span>")]))}
            {(report.IsCut ? Markup.Of($"<p class=\"own\" dir=\"ltr\">There is more than is listed here.</p>") : Markup.Empty)}</section>
            </main></body></html>
            """).ToString();
    }

    private static Markup Status(JourneyReport report)
    {
        var open = report.Findings.Count(f => f.ClosedAt is null);
        return Markup.Of($"Status: <strong>{report.Status}</strong>. {(open == 0 ? Markup.Of($"<span class=\"word good\">no open finding</span>") : Markup.Of($"<span class=\"word critical\">{open} open finding{(open == 1 ? "" : "s")}</span>"))}");
    }

    private static Markup Plan(JourneyReport report)
    {
        var declared = report.Registration;
        IEnumerable<(string Name, string? Value)> lines =
        [
            ("Regime", declared.Regime.ToString()), ("MRN", declared.Mrn), ("Manifest", declared.ManifestNumber), ("Carrier", declared.Carrier?.Name ?? declared.Carrier?.Id), ("Vehicle", declared.Vehicle?.Plate),
            ("Containers", string.Join(", ", declared.Containers.Select(c => c.Number))), ("Departure", Office(declared.Departure)), ("Transit", string.Join(", ", declared.Transit.Select(Office))),
            ("Destination", Office(declared.Destination)), ("Time limit", declared.TimeLimit is { } limit ? When(limit) : null),
            ("Manifest says", report.Manifest is { } m ? string.Create(CultureInfo.InvariantCulture, $"vehicle {m.VehiclePlate ?? "not named"}, containers {Words.List(m.Containers.Select(c => c.Number))}, {m.PackageCount?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} packages, {m.GrossMassKg?.ToString("0.#", CultureInfo.InvariantCulture) ?? "unknown"} kg") : null),
            ("Registered", $"{When(report.RegisteredAt)} by {report.RegisteredBy}"), ("Closed", report.Closing is { } closing ? $"{When(closing.At)} by {closing.By}: {closing.Reason}" : null),
        ];
        return Markup.Of($"<dl>{Markup.Join(lines.Where(l => !string.IsNullOrEmpty(l.Value)).Select(l => Markup.Of($"<dt>{l.Name}</dt><dd>{Markup.Data(l.Value)}</dd>")))}</dl>");
    }

    private static Markup Findings(JourneyReport report) => Table("What contradicts what. Closed findings were explained or settled.", ["Severity", "State", "Finding", "Opened"],
        report.Findings.OrderBy(f => f.ClosedAt is not null).ThenByDescending(f => f.Severity).Select(f => (Markup[])[
            Markup.Of($"<span class=\"word {f.Severity.ToString().ToLowerInvariant()}\">{f.Severity.ToString()}</span>"), Markup.Of($"{(f.ClosedAt is { } closed ? $"closed {When(closed)}" : "open")}"),
            Markup.Of($"{Markup.Data(f.Text)} <span class=\"closed\">({f.Code})</span>"), Markup.Of($"{When(f.OpenedAt)}")]));

    private static Markup Receipts(MessageLine message) => Markup.Join(message.Receipts.Select(r => Markup.Of(
        $"<div>{When(r.StartedAt)} {r.Purpose}: {r.Outcome ?? "no outcome recorded"}{(r.HttpStatus is { } status ? $", HTTP {status.ToString(CultureInfo.InvariantCulture)}" : "")} {Markup.Data(r.Detail)}{(r.ReplySha256 is null ? Markup.Empty : Markup.Of($" <span class=\"hash\">{r.ReplySha256}</span>"))}</div>")));

    private static Markup Table(string caption, string[] heads, IEnumerable<Markup[]> rows)
    {
        var body = Markup.Join(rows.Select(row => Markup.Of($"<tr>{Markup.Join(row.Select((cell, i) => Markup.Of($"<td data-label=\"{heads[i]}\"><div class=\"own\" dir=\"ltr\">{cell}</div></td>")))}</tr>\n")));
        return body.ToString().Length == 0
            ? Markup.Of($"<p class=\"none\">None.</p>")
            : Markup.Of($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\"><table><caption class=\"own\" dir=\"ltr\">{caption}</caption><thead><tr>{Markup.Join(heads.Select(h => Markup.Of($"<th scope=\"col\">{h}</th>")))}</tr></thead><tbody>{body}</tbody></table></div>");
    }

    private static string Office(Office office) => office.Name is null ? office.Code : $"{office.Code} {office.Name}";

    private static string When(DateTimeOffset at) => Words.When(at);
}
