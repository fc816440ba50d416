using System.Text.Json.Nodes;

namespace Adapter.TestKit.Stories;

/// <summary>When customs register the journey, and how they say from when the lock belongs to it.</summary>
/// <param name="At">When the registration is sent.</param>
/// <param name="From">From when the lock is assigned; null leaves it to the host.</param>
internal sealed record Registering(DateTimeOffset At, DateTimeOffset? From)
{
    /// <summary>Before everything, between sealing and unsealing, or after all is over.</summary>
    public static Registering Choose(TrueStory story, IReadOnlyList<Frame> sent, SeededRandom random)
    {
        var sealedSeen = sent.First(f => f.At >= story.Seals && !f.IsCopy && f.Tells(Kinds.Seal)).SentAt + TimeSpan.FromSeconds(30);
        var firstOpenSeen = sent.First(f => f.At >= story.Unseals && f.Tells(Kinds.Unseal)).SentAt - TimeSpan.FromMinutes(2);
        return random.Next(0, 10) switch
        {
            < 4 => new Registering(story.Begins - TimeSpan.FromMinutes(5), story.Begins - TimeSpan.FromMinutes(random.Next(4, 300))),
            < 6 => new Registering(story.Begins - TimeSpan.FromMinutes(5), From: null),
            < 8 when firstOpenSeen > sealedSeen && firstOpenSeen - sealedSeen < TimeSpan.FromHours(20) =>
                new Registering(sealedSeen + random.Span(TimeSpan.Zero, firstOpenSeen - sealedSeen), From: null),
            < 9 => new Registering(sealedSeen + random.Minutes(0, 120), story.Begins),
            _ => new Registering(story.Ends + random.Minutes(0, 120), story.Begins),
        };
    }

    /// <summary>Written by hand, so that a change of the product's own types is seen.</summary>
    public string Json(TrueStory story) => new JsonObject
    {
        ["journeyId"] = story.JourneyId,
        ["regime"] = story.Border is null ? "Transit" : "CrossBorder",
        ["mrn"] = story.Mrn,
        ["containers"] = new JsonArray(new JsonObject { ["number"] = story.Container, ["seals"] = new JsonArray(new JsonObject { ["number"] = $"SL-{story.Number}" }) }),
        ["locks"] = new JsonArray(new JsonObject { ["lock"] = story.Lock, ["container"] = story.Container, ["from"] = From?.ToString("O") }),
        ["departure"] = Office($"KEDEP{story.Number % 1000:000}", story.From),
        ["transit"] = story.Border is { } border ? new JsonArray(Office($"KEBRD{story.Number % 1000:000}", border)) : new JsonArray(),
        ["destination"] = Office($"UGDST{story.Number % 1000:000}", story.To),
    }.ToJsonString();

    private static JsonObject Office(string code, Place place) => new()
    {
        ["code"] = code,
        ["country"] = code[..2],
        ["position"] = new JsonObject { ["latitude"] = place.Latitude, ["longitude"] = place.Longitude },
        ["radiusMetres"] = TrueStory.OfficeKm * 1000,
    };
}
