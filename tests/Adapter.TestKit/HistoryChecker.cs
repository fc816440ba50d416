using System.Text.Json;

namespace Adapter.TestKit;

/// <summary>Judges from the receivers' own logs whether delivery kept its promises.</summary>
/// <remarks>Shares no code and no table with the host: it reads lines of JSON that the receivers wrote before they answered.</remarks>
internal static class HistoryChecker
{
    /// <summary>One line of a receiver's log, as far as it is judged.</summary>
    public sealed record Line(string MessageId, long? Sequence, string Subject, string Kind, int Effect, string BodySha256, bool IsQuestion);

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

    /// <summary>Each expected kind took effect exactly once, in order and without a gap; an id always came with the same body.</summary>
    /// <returns>What is wrong, in sentences; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(string receiver, IReadOnlyList<Line> log, IReadOnlyList<string> expectedKinds)
    {
        var wrong = new List<string>();
        var messages = log.Where(line => !line.IsQuestion).ToList();
        foreach (var id in messages.GroupBy(line => line.MessageId, StringComparer.Ordinal))
        {
            if (id.Select(line => line.BodySha256).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                wrong.Add($"{receiver}: message {id.Key} came with different bodies.");
            }

            if (id.Count(line => line.Effect > 0) > 1)
            {
                wrong.Add($"{receiver}: message {id.Key} took effect {id.Count(line => line.Effect > 0)} times.");
            }
        }

        var effects = messages.Where(line => line.Effect > 0).ToList();
        var subjects = effects.GroupBy(line => line.Subject, StringComparer.Ordinal).ToList();
        if (subjects.Count != 1)
        {
            wrong.Add($"{receiver}: effects for {subjects.Count} subjects, expected 1.");
        }

        foreach (var subject in subjects)
        {
            var numbers = subject.Select(line => line.Sequence).ToList();
            if (!numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(n => (long?)n)))
            {
                wrong.Add($"{receiver}: {subject.Key} took effect in the order {string.Join(", ", numbers)}.");
            }

            var kinds = subject.Select(line => line.Kind).ToList();
            if (!kinds.SequenceEqual(expectedKinds, StringComparer.Ordinal))
            {
                wrong.Add($"{receiver}: {subject.Key} was told {string.Join(", ", kinds)}; expected {string.Join(", ", expectedKinds)}.");
            }
        }

        return wrong;
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
