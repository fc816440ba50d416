namespace Adapter.TestKit.Stories;

/// <summary>One statement that each receiver must hear, derived from what happened and from what was sent of it.</summary>
/// <param name="At">The earliest moment at which somebody told of it; the last word must name it.</param>
/// <param name="FirstHeard">Place in the order of sending of the first record that tells of it.</param>
/// <param name="SettledBy">Place of the record that names its final time.</param>
/// <param name="UnboundAt">When it was, as far as one could know before the registration; null where nobody had heard of it then. Receivers of unbound locks are told that.</param>
internal sealed record Expectation(string Kind, DateTimeOffset At, int FirstHeard, int SettledBy, DateTimeOffset? UnboundAt)
{
    public bool IsBefore(Expectation other) => At < other.At && (SettledBy < other.FirstHeard || (SettledBy == FirstHeard && FirstHeard == other.FirstHeard));

    /// <summary>The whole story in order of time.</summary>
    public static IReadOnlyList<Expectation> Of(TrueStory story, IReadOnlyList<Frame> sent, Registering registering)
    {
        var registeredAt = sent.TakeWhile(f => f.SentAt < registering.At).Count();
        var owned = sent.Select((frame, place) => (Frame: frame, Place: place)).Where(f => !f.Frame.IsCopy && f.Frame.KnownAt >= BoundFrom(story, sent, registering, registeredAt)).ToList();
        var all = new List<Expectation>
        {
            Told(Kinds.Seal, f => f.At >= story.Seals && f.Tells(Kinds.Seal)),
            Told(Kinds.Departure, f => f.At > story.Leaves && IsFix(f) && f.Place.KmTo(story.From) > TrueStory.OfficeKm),
            Told(Kinds.Arrival, f => IsAt(f, story.To)),
            Told(Kinds.Unseal, f => f.At >= story.Unseals && f.Tells(Kinds.Unseal)),
        };
        // A lorry is through the office at the border in minutes: with a hole in the coverage nobody tells of it.
        if (story.Border is { } border && owned.Exists(f => IsAt(f.Frame, border)))
        {
            all.Add(Told(Kinds.Border, f => IsAt(f, border)));
        }

        all.AddRange(story.Mishaps.Select(mishap => Told(mishap.Kind, f => f.Tells(mishap.Kind) && Belongs(f, mishap))));
        return [.. all.OrderBy(e => e.At)];

        bool IsAt(Frame frame, Place office) => frame.At > story.Leaves && IsFix(frame) && frame.Place.KmTo(office) < TrueStory.OfficeKm;

        Expectation Told(string kind, Func<Frame, bool> tells)
        {
            var telling = owned.Where(f => tells(f.Frame)).ToList();
            if (telling.Count == 0)
            {
                throw new InvalidOperationException($"The story of {story.JourneyId} has nobody tell of {kind}: the generator is wrong.\n{story}");
            }

            var earliest = telling.MinBy(f => (f.Frame.KnownAt, f.Place));
            var first = telling[0].Place;
            return new Expectation(kind, earliest.Frame.KnownAt, Heard(first), Heard(earliest.Place), telling.Where(f => f.Place < registeredAt).Select(f => (DateTimeOffset?)f.Frame.KnownAt).Min());
        }

        // What came before the registration is heard with it; the registration stands between two records.
        int Heard(int place) => Math.Max((2 * place) + 1, 2 * registeredAt);
    }

    private static bool IsFix(Frame frame) => frame is { Route: FrameRoute.Location, Fix: FixQuality.Satellite, ClockUnset: false };

    /// <summary>While it lasts, or at most one position behind it.</summary>
    private static bool Belongs(Frame frame, Mishap mishap) =>
        frame.At >= mishap.At && (frame.At == mishap.At || frame.At < mishap.Until || (mishap.Until == mishap.At && frame.At < mishap.At + TimeSpan.FromMinutes(13)));

    /// <summary>Without a word of customs the lock belongs to its journey from its last sealing that was heard of, or else from the registration.</summary>
    private static DateTimeOffset BoundFrom(TrueStory story, IReadOnlyList<Frame> sent, Registering registering, int registeredAt)
    {
        if (registering.From is { } from)
        {
            return from;
        }

        var heard = sent.Take(registeredAt).Where(f => f.At >= story.Seals).ToList();
        return heard.Count == 0 ? registering.At : heard.Min(f => f.KnownAt);
    }
}
