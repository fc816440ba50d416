namespace Adapter.TestKit.Stories;

/// <summary>Judges from a receiver's own log whether it was told the true story of one journey.</summary>
/// <remarks>
/// What must hold at each receiver:
/// each message took effect once and the numbers of a lane have no gap;
/// everything that happened has one original and nothing else has one;
/// the last word about it, the original or its latest correction, names the earliest moment at which somebody told of it (a told time may
/// be off by the tolerance of corrections);
/// nothing is withdrawn, because nothing was told that did not happen, but for suppositions, all of which are (<see cref="Suppositions"/>);
/// and what happened earlier was told earlier, unless the later was heard of before the earlier was settled. Corrections are legitimate: a hole in the
/// coverage, filled later, moves a departure back to where it was. Of a kind that happened twice the one heard of first may turn out to be the second, so
/// its order among the others is not judged.
/// A receiver of unbound locks hears an alarm from before the registration as one of the lock, with the time that was known then, and hears of it no
/// second time; it may hear that a condition still lasts when the journey has ended.
/// </remarks>
internal static class StoryCheck
{
    /// <summary>What the host lets stand, and how far the time of receipt may lie behind.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5) + TimeSpan.FromMinutes(3);

    /// <param name="ofJourney">Messages with the journey's MRN.</param>
    /// <param name="ofLock">Messages about its lock without any journey.</param>
    /// <returns>What is wrong, in sentences; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(DirtyJourney journey, IReadOnlyList<ReceiverLog> ofJourney, IReadOnlyList<ReceiverLog> ofLock, bool hearsUnbound)
    {
        var wrong = new List<string>();
        Lane(ofJourney, wrong);
        Lane(ofLock, wrong);

        var expected = journey.Expected.ToList();
        foreach (var statement in Moved(journey.Suppositions, Originals(ofLock, wrong), hearsUnbound, wrong))
        {
            Unbound(journey, statement.Last, expected, hearsUnbound, wrong);
        }

        var told = Lost(journey.Suppositions, Originals(ofJourney, wrong), wrong);
        var matched = new List<(Expectation Expectation, int Place)>();
        foreach (var kind in expected.Select(e => e.Kind).Concat(told.Select(t => t.First.Kind)).Distinct(StringComparer.Ordinal))
        {
            var truth = expected.Where(e => e.Kind == kind).ToList();
            var statements = told.Where(t => t.First.Kind == kind).OrderBy(t => t.Last.At).ToList();
            if (truth.Count != statements.Count)
            {
                wrong.Add($"{kind} was told {statements.Count} times ({string.Join(", ", statements.Select(s => s.Last.At.ToString("MM-dd HH:mm:ss", null)))}); it happened {truth.Count} times.");
                continue;
            }

            foreach (var (expectation, statement) in truth.Zip(statements))
            {
                if (truth.Count == 1)
                {
                    matched.Add((expectation, statement.Place));
                }

                if ((statement.Last.At - expectation.At).Duration() > Tolerance)
                {
                    wrong.Add($"The last word on {kind} is {statement.Last.At:MM-dd HH:mm:ss}; it was {expectation.At:MM-dd HH:mm:ss}.");
                }
            }
        }

        foreach (var (earlier, later) in from one in matched from other in matched where one.Expectation.IsBefore(other.Expectation) && one.Place > other.Place select (one, other))
        {
            wrong.Add($"{later.Expectation.Kind} was told before {earlier.Expectation.Kind}, which had happened and been heard of before it.");
        }

        return wrong;
    }

    private static void Lane(IReadOnlyList<ReceiverLog> lane, List<string> wrong)
    {
        if (!lane.Where(m => m.Effect > 0).Select(m => m.Sequence).SequenceEqual(Enumerable.Range(1, lane.Count).Select(n => (long)n)) || lane.Any(m => m.Effect > 1))
        {
            wrong.Add($"The numbers of the lane are {string.Join(", ", lane.Select(m => $"{m.Sequence}{(m.Effect == 1 ? "" : $" with effect {m.Effect}")}"))}.");
        }

        if (lane.DistinctBy(m => m.Id).Count() != lane.Count)
        {
            wrong.Add("A message id came twice.");
        }
    }

    /// <summary>That a lock moved on no journey is told of the lock alone, once, and taken back with the registration.</summary>
    /// <returns>All other statements.</returns>
    private static List<Statement> Moved(Suppositions suppositions, List<Statement> statements, bool hearsUnbound, List<string> wrong)
    {
        var moved = statements.Where(s => s.First.Kind == Kinds.UnauthorisedTrip).ToList();
        if (moved.Count > (hearsUnbound && suppositions.MayMove ? 1 : 0) || moved.Count < (hearsUnbound && suppositions.MustMove ? 1 : 0))
        {
            wrong.Add($"{Kinds.UnauthorisedTrip} was told {moved.Count} times. Before the registration the lock {(suppositions.MustMove ? "moved" : suppositions.MayMove ? "may have moved" : "did not move")} under seal.");
        }

        StillTold(moved, wrong);
        return [.. statements.Except(moved)];
    }

    /// <summary>That a lock was lost is told only where nothing came of it, and taken back when it reports of that time.</summary>
    /// <returns>All other statements.</returns>
    private static List<Statement> Lost(Suppositions suppositions, List<Statement> statements, List<string> wrong)
    {
        var lost = statements.Where(s => s.First.Kind == Kinds.SignalLost).ToList();
        wrong.AddRange(lost.Where(s => !suppositions.LostAt.Any(at => (at - s.First.At).Duration() <= Tolerance)).Select(s => $"{Kinds.SignalLost} at {s.First.At:MM-dd HH:mm:ss} was told of a lock that reported."));
        if (lost.Count > suppositions.LostAt.Count)
        {
            wrong.Add($"{Kinds.SignalLost} was told {lost.Count} times of {suppositions.LostAt.Count} silences.");
        }

        StillTold(lost, wrong);
        return [.. statements.Except(lost)];
    }

    private static void StillTold(List<Statement> suppositions, List<string> wrong) =>
        wrong.AddRange(suppositions.Where(s => !s.Last.Withdraws).Select(s => $"{s.First.Kind} was not taken back, although more was heard."));

    private static void Unbound(DirtyJourney journey, ReceiverLog message, List<Expectation> expected, bool hearsUnbound, List<string> wrong)
    {
        var known = expected.FindIndex(e => e.Kind == message.Kind && e.UnboundAt is { } at && (at - message.At).Duration() <= Tolerance);
        if (hearsUnbound && known >= 0)
        {
            expected.RemoveAt(known);
        }
        else if (!(hearsUnbound && journey.Story.Mishaps.Any(m => m.Kind == message.Kind && m.Until > journey.Story.Unseals)))
        {
            wrong.Add($"{message.Kind} at {message.At:MM-dd HH:mm:ss} was told of the lock alone.");
        }
    }

    private static List<Statement> Originals(IReadOnlyList<ReceiverLog> lane, List<string> wrong)
    {
        var statements = new List<Statement>();
        foreach (var (message, place) in lane.Select((message, place) => (message, place)))
        {
            if (message.Withdraws && message.Kind is not (Kinds.UnauthorisedTrip or Kinds.SignalLost))
            {
                wrong.Add($"{message.Kind} was withdrawn, so it should not have been told.");
            }

            if (message.Corrects is null)
            {
                statements.Add(new Statement(message, message, place));
            }
            else if (statements.FindIndex(s => s.First.Id == message.Corrects) is >= 0 and var corrected)
            {
                statements[corrected] = statements[corrected] with { Last = message };
            }
            else
            {
                wrong.Add($"Message {message.Id} corrects {message.Corrects}, which was never sent.");
            }
        }

        return statements;
    }

    /// <param name="Last">The latest word on it: itself, or its last correction.</param>
    private sealed record Statement(ReceiverLog First, ReceiverLog Last, int Place);
}
