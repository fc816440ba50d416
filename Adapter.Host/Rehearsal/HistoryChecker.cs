using System.Text.Json;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Rehearsal;

/// <summary>Judges from what was sent in and from the receivers' own logs whether the adapter kept its promises.</summary>
/// <remarks>Reads no table of the host and calls no stage of it: it reads lines of JSON that the receivers wrote before they answered.</remarks>
internal static class HistoryChecker
{
    /// <summary>Which promise was broken.</summary>
    public enum Broken
    {
        /// <summary>Something that had to be told was not.</summary>
        Lost,

        /// <summary>One id took effect more than once.</summary>
        Duplicated,

        /// <summary>A number came before its turn, or a number is missing between others.</summary>
        Disordered,

        /// <summary>One id with two bodies, one number with two ids, or something told that nobody reported.</summary>
        Confused,
    }

    /// <param name="Times">How many messages it is about.</param>
    public sealed record Finding(Broken Promise, int Times, string Text);

    /// <summary>One line of a receiver's log, as far as it is judged.</summary>
    public sealed record Line(string MessageId, long? Sequence, string Subject, string Kind, int Effect, string BodySha256, bool IsQuestion)
    {
        public static Line Of(TwinRecord record) => new(
            record.MessageId, record.Sequence, record.Subject ?? "", record.Kind ?? "", record.Effect, record.BodySha256,
            record.Element.StartsWith("Find", StringComparison.Ordinal));
    }

    /// <summary>A torn last line was never answered and counts as not received.</summary>
    public static IReadOnlyList<Line> Read(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n')[..^1];
        return [.. lines.Select(Parse)];
    }

    /// <summary>The same for a log that holds one subject, whatever its name.</summary>
    public static IReadOnlyList<string> Check(string receiver, IReadOnlyList<Line> log, IReadOnlyList<string> expectedKinds)
    {
        var subjects = log.Where(line => !line.IsQuestion).Select(line => line.Subject).Distinct(StringComparer.Ordinal).ToList();
        return subjects is [var only]
            ? Check(receiver, log, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [only] = expectedKinds })
            : [$"{receiver}: messages about {subjects.Count} subjects, expected 1."];
    }

    /// <summary>
    /// No loss: of each subject, each expected kind took effect. No second effect of an id. No disorder: a lane's numbers took effect from 1 on without
    /// a gap, and none was tried before its turn. An id came with one body, and a lane's number with one id.
    /// </summary>
    /// <param name="expected">By subject, the kinds that the receiver must have been told, in order.</param>
    /// <returns>What is wrong, in sentences; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(string receiver, IReadOnlyList<Line> log, IReadOnlyDictionary<string, IReadOnlyList<string>> expected) =>
        [.. Judge(receiver, log, expected).Select(finding => finding.Text)];

    /// <summary>The same, told apart by promise.</summary>
    public static IReadOnlyList<Finding> Judge(string receiver, IReadOnlyList<Line> log, IReadOnlyDictionary<string, IReadOnlyList<string>> expected)
    {
        var messages = log.Where(line => !line.IsQuestion).ToList();
        var bySubject = messages.ToLookup(line => line.Subject, StringComparer.Ordinal);
        return
        [
            .. messages.GroupBy(line => line.MessageId, StringComparer.Ordinal).SelectMany(id => CheckId(receiver, id.Key, [.. id])),
            .. bySubject.Select(lane => lane.Key).Except(expected.Keys, StringComparer.Ordinal)
                .Select(strange => new Finding(Broken.Confused, 1, $"{receiver}: was told about {strange}, of which nobody reported.")),
            .. expected.SelectMany(journey => CheckLane(receiver, journey.Key, [.. bySubject[journey.Key]], journey.Value)),
        ];
    }

    private static IEnumerable<Finding> CheckId(string receiver, string id, IReadOnlyList<Line> lines)
    {
        if (lines.Select(line => line.BodySha256).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            yield return new Finding(Broken.Confused, 1, $"{receiver}: message {id} came with different bodies.");
        }

        if (lines.Count(line => line.Effect > 0) is > 1 and var times)
        {
            yield return new Finding(Broken.Duplicated, times - 1, $"{receiver}: message {id} took effect {times} times.");
        }
    }

    private static IEnumerable<Finding> CheckLane(string receiver, string subject, IReadOnlyList<Line> lines, IReadOnlyList<string> expectedKinds)
    {
        foreach (var number in lines.GroupBy(line => line.Sequence).Where(n => n.Select(line => line.MessageId).Distinct(StringComparer.Ordinal).Count() > 1))
        {
            yield return new Finding(Broken.Confused, 1, $"{receiver}: number {number.Key} of {subject} came under different ids.");
        }

        var took = lines.Where(line => line.Effect > 0).ToList();
        var numbers = took.Select(line => line.Sequence).ToList();
        if (!numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(n => (long?)n)))
        {
            yield return new Finding(Broken.Disordered, 1, $"{receiver}: {subject} took effect in the order {string.Join(", ", numbers)}.");
        }

        var settled = 0L;
        foreach (var line in lines)
        {
            if (line.Sequence > settled + 1)
            {
                yield return new Finding(Broken.Disordered, 1, $"{receiver}: number {line.Sequence} of {subject} was tried before number {settled + 1} had taken effect.");
            }

            settled = line.Effect > 0 ? Math.Max(settled, line.Sequence ?? 0) : settled;
        }

        var kinds = took.Select(line => line.Kind).ToList();
        if (!kinds.SequenceEqual(expectedKinds, StringComparer.Ordinal))
        {
            var missing = expectedKinds.Count - expectedKinds.GroupBy(kind => kind, StringComparer.Ordinal)
                .Sum(group => Math.Min(group.Count(), kinds.Count(kind => kind == group.Key)));
            yield return new Finding(
                missing > 0 ? Broken.Lost : kinds.Count > expectedKinds.Count ? Broken.Confused : Broken.Disordered, Math.Max(missing, 1),
                $"{receiver}: {subject} was told {string.Join(", ", kinds)}; expected {string.Join(", ", expectedKinds)}.");
        }
    }

    private static Line Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        var line = json.RootElement;
        string Text(string name) => line.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
        return new Line(
            Text("messageId"), line.TryGetProperty("sequence", out var sequence) ? sequence.GetInt64() : null, Text("subject"), Text("kind"),
            line.GetProperty("effect").GetInt32(), Text("bodySha256"), Text("element").StartsWith("Find", StringComparison.Ordinal));
    }
}
