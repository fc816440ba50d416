using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Admin.Report;

/// <summary>The route as SVG on a plain map: a grid of degrees, corridor, offices, what each lock did, and numbered places of the timeline.</summary>
/// <remarks>Deterministic, without script, style or anything from elsewhere. Borders are political and are not drawn.</remarks>
internal sealed class RouteDrawing
{
    private const double Width = 960;
    private const double Height = 560;
    private const double Margin = 40;

    private static readonly string[] Dashes = ["none", "8 4", "2 4", "12 4 2 4"];

    private readonly GeoPoint _middle;
    private readonly double _pixelsPerDegree;
    private readonly double _narrowing;

    private RouteDrawing(IReadOnlyList<GeoPoint> places)
    {
        // Longitudes are counted from the first place, so that a route over the 180th meridian stays in one piece.
        var first = places[0];
        var east = places.Select(p => Math.IEEERemainder(p.Longitude - first.Longitude, 360)).ToList();
        var (west, eastmost) = (first.Longitude + east.Min(), first.Longitude + east.Max());
        var (south, north) = (places.Min(p => p.Latitude), places.Max(p => p.Latitude));
        _middle = new GeoPoint((south + north) / 2, (west + eastmost) / 2);
        _narrowing = Math.Max(0.05, Math.Cos(double.DegreesToRadians(_middle.Latitude)));
        // At least some kilometres, or a truck that stands would fill the map with its drift.
        var (high, wide) = (Math.Max(north - south, 0.04), Math.Max((eastmost - west) * _narrowing, 0.04));
        _pixelsPerDegree = Math.Min((Width - (2 * Margin)) / wide, (Height - (2 * Margin)) / high);
    }

    public static Markup Of(JourneyReport report, IReadOnlyList<(int Number, ReportedMoment Moment)> marked)
    {
        var map = RouteMap.Of(report.Registration);
        var offices = report.Registration.Transit.Prepend(report.Registration.Departure).Append(report.Registration.Destination)
            .Where(o => o.Position is not null).DistinctBy(o => o.Code).ToList();
        var places = offices.Select(o => o.Position!)
            .Concat(report.Routes.SelectMany(r => r.Points).Select(p => new GeoPoint(p.Latitude, p.Longitude)))
            .Concat(map.Lines.SelectMany(l => l.Line)).Concat(marked.Select(m => m.Moment.Where!)).ToList();
        if (places.Count == 0)
        {
            return Markup.Of($"<p class=\"own\" dir=\"ltr\">No place of this journey is known: no satellite fix, no office with a position, no corridor.</p>");
        }

        var drawing = new RouteDrawing(places);
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="map-title map-text" xmlns="http://www.w3.org/2000/svg" direction="ltr" font-family="sans-serif" font-size="12">
            <title id="map-title">Route of journey {report.JourneyId}</title>
            <desc id="map-text">{offices.Count} offices, {report.Routes.Count} locks, {marked.Count} numbered places that the table of the timeline explains.</desc>
            <rect width="{Width}" height="{Height}" fill="#fbfbf8" stroke="#767676"/>
            {drawing.Grid()}{Markup.Join(map.Lines.Select(drawing.Planned))}{Markup.Join(report.Routes.Select(drawing.Driven))}{Markup.Join(offices.Select(drawing.Office))}{Markup.Join(drawing.Marks(marked))}
            </svg>
            """);
    }

    private Markup Grid()
    {
        double[] steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45];
        var step = steps.FirstOrDefault(s => s * _pixelsPerDegree >= 70, 45);
        var (left, right) = (_middle.Longitude - (Width / 2 / _pixelsPerDegree / _narrowing), _middle.Longitude + (Width / 2 / _pixelsPerDegree / _narrowing));
        var (bottom, top) = (_middle.Latitude - (Height / 2 / _pixelsPerDegree), _middle.Latitude + (Height / 2 / _pixelsPerDegree));
        return Markup.Join(Lines(left, right).Select(longitude => Markup.Of($"""
            <path d="M{X(longitude)} 0V{Height}" stroke="#dcdcd4" fill="none"/><text x="{X(longitude) + 3}" y="{Height - 6}" fill="#595959">{Degrees(Math.IEEERemainder(longitude, 360), "E", "W")}</text>
            """)).Concat(Lines(bottom, top).Select(latitude => Markup.Of($"""
            <path d="M0 {Y(latitude)}H{Width}" stroke="#dcdcd4" fill="none"/><text x="4" y="{Y(latitude) - 3}" fill="#595959">{Degrees(latitude, "N", "S")}</text>
            """))));

        IEnumerable<double> Lines(double from, double to)
        {
            for (var i = (long)Math.Ceiling(from / step); i * step <= to; i++)
            {
                yield return i * step;
            }
        }
    }

    private Markup Planned(PlannedLine planned) => planned.IsArea
        ? Markup.Of($"""<path d="{Path(planned.Line)}" fill="#cfe3cf" fill-opacity="0.6" stroke="#3d6b3d"/>""")
        : Markup.Of($"""<path d="{Path(planned.Line)}" fill="none" stroke="#b9d7b9" stroke-width="{Math.Max(6, 2 * planned.MarginMetres / 111_195 * _pixelsPerDegree)}" stroke-linejoin="round"/>""");

    private Markup Driven(LockRoute route, int i) => route.Points.Count == 0 ? Markup.Empty : Markup.Of($"""
        <path d="{Path(route.Points.Select(p => new GeoPoint(p.Latitude, p.Longitude)))}" fill="none" stroke="#1f4e79" stroke-width="2" stroke-dasharray="{Dashes[i % Dashes.Length]}" stroke-linejoin="round"/>
        {Markup.Join(OffRoute(route.Points).Select(part => Markup.Of($"""<path d="{Path(part)}" fill="none" stroke="#a40000" stroke-width="5" stroke-opacity="0.55"/>""")))}
        """);

    private static IEnumerable<IEnumerable<GeoPoint>> OffRoute(IReadOnlyList<RoutePoint> points)
    {
        for (var i = 0; i < points.Count;)
        {
            var part = points.Skip(i).TakeWhile(p => p.OffRouteMetres > Zone.DriftMetres).ToList();
            if (part.Count > 0)
            {
                yield return part.Select(p => new GeoPoint(p.Latitude, p.Longitude));
            }

            i += part.Count + 1;
        }
    }

    private Markup Office(Office office) => Markup.Of($"""
        <circle cx="{X(office.Position!.Longitude)}" cy="{Y(office.Position.Latitude)}" r="{Math.Max(5, office.RadiusMetres / 111_195 * _pixelsPerDegree)}" fill="#ffffff" fill-opacity="0.7" stroke="#1b1b1b" stroke-width="2"/>
        <text x="{LabelX(office.Position.Longitude)}" y="{Y(office.Position.Latitude) - 9}" text-anchor="{Anchor(office.Position.Longitude)}" font-weight="bold" fill="#1b1b1b">{office.Code}</text>
        """);

    private IEnumerable<Markup> Marks(IEnumerable<(int Number, ReportedMoment Moment)> marked)
    {
        var taken = new List<(double X, double Y)>();
        foreach (var mark in marked)
        {
            var (x, y) = (X(mark.Moment.Where!.Longitude), Y(mark.Moment.Where.Latitude));
            // What happened at one place stands side by side.
            while (taken.Exists(t => Math.Abs(t.X - x) < 20 && Math.Abs(t.Y - y) < 20))
            {
                x += 24;
            }

            taken.Add((x, y));
            yield return Mark(mark, x, y);
        }
    }

    private static Markup Mark((int Number, ReportedMoment Moment) mark, double x, double y)
    {
        var shape = mark.Moment.Kind == "finding"
            ? Markup.Of($"""<path d="M{x} {y - 12}L{x + 12} {y + 9}L{x - 12} {y + 9}Z" fill="#7a4b00" stroke="#ffffff"/>""")
            : mark.Moment.Kind == "alarm"
            ? Markup.Of($"""<path d="M{x} {y - 11}L{x + 11} {y}L{x} {y + 11}L{x - 11} {y}Z" fill="#a40000" stroke="#ffffff"/>""")
            : Markup.Of($"""<rect x="{x - 8}" y="{y - 8}" width="16" height="16" fill="#1f4e79" stroke="#ffffff"/>""");
        return Markup.Of($"""<g><title>{mark.Number}. {mark.Moment.Text}</title>{shape}<text x="{x}" y="{y + 4}" text-anchor="middle" font-size="10" fill="#ffffff">{mark.Number}</text></g>""");
    }

    private string Path(IEnumerable<GeoPoint> line) => string.Join(' ', line.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "M" : "L")}{X(p.Longitude):0.#} {Y(p.Latitude):0.#}")));

    private double X(double longitude) => (Width / 2) + (Math.IEEERemainder(longitude - _middle.Longitude, 360) * _narrowing * _pixelsPerDegree);

    private double Y(double latitude) => (Height / 2) - ((latitude - _middle.Latitude) * _pixelsPerDegree);

    private string Anchor(double longitude) => X(longitude) > Width - 120 ? "end" : "start";

    private double LabelX(double longitude) => X(longitude) + (X(longitude) > Width - 120 ? -9 : 9);

    private static string Degrees(double value, string positive, string negative) => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(value):0.##}° {(value < 0 ? negative : positive)}");
}
