namespace Adapter.TestKit.Stories;

/// <summary>What receivers are told while nobody knows better, and must be told was not so once more was heard.</summary>
/// <param name="MustMove">A sealed lock was seen on the move before anybody had registered its journey, beyond doubt.</param>
/// <param name="MayMove">The same with doubt: it was seen about as far away as is told, or while its rope was out.</param>
/// <param name="LostAt">When it may have been told that nothing comes from the lock any more, which it was said to report later.</param>
internal sealed record Suppositions(bool MustMove, bool MayMove, IReadOnlyList<DateTimeOffset> LostAt)
{
    /// <summary>How long a lock of these stories may be silent. Holes in the coverage are no subject of theirs, but a few last longer.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromDays(1);

    private const double MovedKm = 2;
    private const double DoubtKm = 0.1;

    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(10);

    public static Suppositions Of(IReadOnlyList<Frame> sent, Registering registering)
    {
        var news = sent.Where(f => !f.IsCopy).ToList();
        var unregistered = news.Where(f => f is { Route: FrameRoute.Location, Fix: FixQuality.Satellite, ClockUnset: false, Locked: true } && f.SentAt < registering.At).ToList();
        return new Suppositions(
            KmAcross(unregistered.Where(f => f.RopeIn)) > MovedKm + DoubtKm,
            KmAcross(unregistered) > MovedKm - DoubtKm,
            [.. news.Zip(news.Skip(1)).Where(pair => pair.Second.SentAt - pair.First.SentAt > SilentFor - Doubt).Select(pair => pair.First.SentAt + SilentFor)]);
    }

    /// <summary>Between the corners of all places.</summary>
    private static double KmAcross(IEnumerable<Frame> frames)
    {
        var places = frames.Select(f => f.Place).ToList();
        return places.Count == 0
            ? 0
            : new Place(places.Min(p => p.Latitude), places.Min(p => p.Longitude)).KmTo(new Place(places.Max(p => p.Latitude), places.Max(p => p.Longitude)));
    }
}
