using Adapter.TestKit.Stories;

namespace Adapter.TestKit;

/// <summary>A journey with the truth of it, everything that is sent about it, and what receivers must hear in the end.</summary>
/// <param name="Seed">Makes the same journey again.</param>
/// <param name="Sent">In order of sending, the registration among it.</param>
/// <param name="Expected">In order of time.</param>
internal sealed record DirtyJourney(
    ulong Seed, TrueStory Story, IReadOnlyList<Sending> Sent, IReadOnlyList<Expectation> Expected, Suppositions Suppositions, Registering Registering);

/// <param name="Path">Where it is posted.</param>
internal sealed record Sending(DateTimeOffset At, string Path, string Json)
{
    public const string Registration = "/api/journeys";

    /// <summary>A repeat of what was sent before.</summary>
    public bool IsCopy { get; init; }
}

/// <summary>Makes journeys from seeds: first what is true, from that what the lock writes down, from that what reaches the cloud and when, from that dirty JSON.</summary>
/// <remarks>
/// Nothing here calls the product. SDK envelopes and Traccar's forwarding, once the host takes them, are further forms in <see cref="WireDirt"/> with
/// paths of their own in <see cref="PathOf"/>; nothing else has to know them.
/// </remarks>
internal static class DirtyJourneys
{
    /// <param name="number">1 to 99999; no two journeys of a host share one.</param>
    /// <param name="day">All journeys begin within its first twelve hours.</param>
    public static DirtyJourney Make(ulong seed, int number, DateTimeOffset day)
    {
        var random = new SeededRandom(seed);
        var story = new TrueStory(number, day + random.Minutes(0, 12 * 60), random);
        var sent = Coverage.Send(story, LockDiary.Write(story, random), random);
        var registering = Registering.Choose(story, sent, random);
        if (registering.From is null && registering.At > story.Begins && story.Mishaps.Any(m => m.At < story.Seals))
        {
            // What happened before the sealing belongs to a journey only where customs say so.
            registering = registering with { From = story.Begins };
        }

        var wire = new WireDirt(story, random);
        var sendings = sent.Select(frame => new Sending(frame.SentAt, PathOf(frame.Route), wire.Text(frame)) { IsCopy = frame.IsCopy }).ToList();
        sendings.Insert(sent.TakeWhile(f => f.SentAt < registering.At).Count(), new Sending(registering.At, Sending.Registration, registering.Json(story)));
        return new DirtyJourney(seed, story, sendings, Expectation.Of(story, sent, registering), Suppositions.Of(sent, registering), registering);
    }

    private static string PathOf(FrameRoute route) => "/intake/jointech/" + route.ToString().ToLowerInvariant();
}
