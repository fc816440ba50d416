using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Adapter.TestKit.Stories;

/// <summary>What a receiver wrote down before it answered, as far as stories are judged by it. Shares no code with the host.</summary>
internal sealed partial record ReceiverLog(string Id, long Sequence, string Mrn, string Lock, string Kind, DateTimeOffset At, string? Corrects, bool Withdraws, int Effect, string BodySha256)
{
    /// <summary>Messages in the order in which the receiver took them; questions about messages are left out.</summary>
    public static IReadOnlyList<ReceiverLog> Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var messages = new List<ReceiverLog>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.GetProperty("element").GetString()!.StartsWith("Find", StringComparison.Ordinal))
            {
                messages.Add(Parse(json.RootElement));
            }
        }

        return messages;
    }

    private static ReceiverLog Parse(JsonElement line)
    {
        var xml = line.GetProperty("xml").GetString()!;
        return new ReceiverLog(
            Text("messageId"), line.GetProperty("sequence").GetInt64(), Text("subject"), LockIn().Match(xml).Groups["lock"].Value, Text("kind"), TimeIn(xml),
            CorrectedIn().Match(xml) is { Success: true } match ? match.Groups["id"].Value : null, WithdrawnIn().IsMatch(xml),
            line.GetProperty("effect").GetInt32(), Text("bodySha256"));

        string Text(string name) => line.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }

    private static DateTimeOffset TimeIn(string xml)
    {
        var text = OccurredIn().Match(xml) is { Success: true } match ? match.Groups["at"].Value : throw new FormatException($"No time stands in {xml}");
        return DateTimeOffset.ParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyyMMddHHmmss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    [GeneratedRegex("""<OccurredAt>(?<at>[^<]*)<|<Occurrence [^>]*at="(?<at>[^"]*)"|<IssueDateTime><[^>]*DateTimeString[^>]*>(?<at>[^<]*)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OccurredIn();

    [GeneratedRegex("""<Corrects>(?<id>[^<]*)<| (corrects|withdraws)="(?<id>[^"]*)"|<StatementCode>(CORRECTS|WITHDRAWS)</StatementCode><StatementDescription>(?<id>[^<]*)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CorrectedIn();

    [GeneratedRegex("""<Withdrawn>true<| withdrawn="true"| withdraws=|>WITHDRAWS<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WithdrawnIn();

    [GeneratedRegex("""<Lock number="(?<lock>[^"]*)"|<Lock>(?<lock>[^<]*)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LockIn();
}
