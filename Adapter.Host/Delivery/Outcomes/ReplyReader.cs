using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Delivery.Outcomes;

/// <summary>Reads the receipt out of an answer, as the destination's rule describes it.</summary>
internal static class ReplyReader
{
    /// <summary>Reads the receipt for one message.</summary>
    /// <returns>
    /// The receipt, or null; and the evidence, whose detail says why an answer is no receipt: another root, another message's id, no code. Where the operation is one-way, an empty answer is the receipt.
    /// </returns>
    public static (AttemptEvidence Evidence, Receipt? Receipt) Read(AttemptEvidence evidence, ReplyRule rule, string messageId)
    {
        if (evidence.Answer is not { } answer)
        {
            return (evidence, rule.OneWay && evidence is { SaysNothing: true, HttpStatus: (200 or 202 or 204) and var status }
                ? new Receipt(Verdict.Acknowledged, status.ToString(CultureInfo.InvariantCulture), Text: null)
                : null);
        }

        var (root, id, code, problem) = Find(answer, rule.Root, rule.Id, rule.Code, messageId);
        return problem is null
            ? (evidence, new Receipt(VerdictOf(code, rule), code, rule.Text is null ? null : ValueAt(root!, rule.Text, out _)))
            : (evidence with { Detail = $"{evidence.Detail} It is no receipt for this message: {problem}." }, null);
    }

    /// <summary>Reads an answer that came by itself, later than the acknowledgement.</summary>
    /// <returns>Which message it is about and what it says, or why it cannot be read.</returns>
    public static (string? MessageId, Receipt? Receipt, string? Problem) ReadLater(ReadOnlyMemory<byte> answer, ReplyRule rule)
    {
        XElement element;
        try
        {
            element = XmlInput.Load(answer).Root!;
        }
        catch (XmlException exception)
        {
            return (null, null, $"it is not acceptable XML ({exception.Message})");
        }

        var (root, id, code, problem) = Find(element, rule.Root, rule.Id, rule.Code, messageId: null);
        return problem is null ? (id, new Receipt(VerdictOf(code, rule), code, rule.Text is null ? null : ValueAt(root!, rule.Text, out _)), null) : (null, null, problem);
    }

    /// <summary>Reads the answer to an inquiry.</summary>
    /// <returns>True when the message is known, false when it certainly never arrived, null when the answer does not tell.</returns>
    public static (AttemptEvidence Evidence, bool? Known) ReadInquiry(AttemptEvidence evidence, Inquiry inquiry, string messageId)
    {
        if (evidence.Answer is not { } answer)
        {
            return (evidence, null);
        }
        var (_, _, code, problem) = Find(answer, inquiry.Reply, inquiry.ReplyId, inquiry.ReplyCode, messageId);
        if (problem is not null)
        {
            return (evidence with { Detail = $"{evidence.Detail} It does not tell about this message: {problem}." }, null);
        }
        return (inquiry.Known.Contains(code), inquiry.Unknown.Contains(code)) switch
        {
            (true, false) => (evidence, true),
            (false, true) => (evidence, false),
            _ => (evidence with { Detail = $"{evidence.Detail} Its code {code} is in neither list of the inquiry; add it to the destination." }, null),
        };
    }

    /// <summary>A code that someone put into two lists decides nothing: the lists disagree about the same answer.</summary>
    private static Verdict VerdictOf(string code, ReplyRule rule) =>
        (rule.Accepted.Contains(code), rule.Duplicate.Contains(code), rule.Rejected.Contains(code), rule.Acknowledged.Contains(code)) switch
        {
            (true, false, false, false) => Verdict.Accepted,
            (false, true, false, false) => Verdict.Duplicate,
            (false, false, true, false) => Verdict.Rejected,
            (false, false, false, true) => Verdict.Acknowledged,
            _ => Verdict.Unknown,
        };

    private static Finding Find(XElement root, string rootName, string idPath, string codePath, string? messageId)
    {
        if (root.Name.ToString() != rootName)
        {
            return Finding.None($"its root is {root.Name}, expected {rootName}");
        }
        var id = ValueAt(root, idPath, out var idProblem);
        if (id is null)
        {
            return Finding.None(idProblem);
        }
        if (messageId is not null && id != messageId)
        {
            return Finding.None($"it names message '{Shorten(id)}', not '{messageId}'");
        }
        var code = ValueAt(root, codePath, out var codeProblem);
        return code is null ? Finding.None(codeProblem) : new Finding(root, id, code, null);
    }

    /// <summary>The one value at a path. Several equal ones are one; several different ones are none, for which of them to believe is a guess.</summary>
    private static string? ValueAt(XElement root, string path, out string problem)
    {
        IEnumerable<XElement> elements = [root];
        IEnumerable<string>? values = null;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step.StartsWith('@'))
            {
                values = elements.Attributes().Where(attribute => attribute.Name.LocalName == step[1..]).Select(attribute => attribute.Value);
                break;
            }
            elements = elements.Elements().Where(element => element.Name.LocalName == step);
        }
        var found = (values ?? elements.Select(element => element.Value)).Select(value => value.Trim()).Where(value => value.Length > 0).Distinct().Take(2).ToList();
        problem = found.Count == 0 ? $"nothing stands at {path}" : $"different values stand at {path}";
        return found.Count == 1 ? found[0] : null;
    }

    private static string Shorten(string text) => text.Length > 80 ? text[..80] + "…" : text;

    private sealed record Finding(XElement? Root, string? Id, string Code, string? Problem)
    {
        public static Finding None(string problem) => new(null, null, "", problem);
    }
}
