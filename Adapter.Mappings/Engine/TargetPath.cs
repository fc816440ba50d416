using System.Text.RegularExpressions;

namespace Adapter.Mappings.Engine;

/// <summary>Where a row writes: elements below the root, and an attribute at the end where there is one.</summary>
internal sealed partial record TargetPath(IReadOnlyList<TargetStep> Steps, string? Attribute)
{
    /// <summary>How many levels may repeat inside each other.</summary>
    public const int MaxLevels = 2;

    /// <exception cref="ExpressionException">The text is not a path.</exception>
    public static TargetPath Parse(string text)
    {
        var steps = new List<TargetStep>();
        var offset = 0;
        var parts = text.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (i == parts.Length - 1 && part.StartsWith('@'))
            {
                return XmlName().IsMatch(part[1..]) ? new TargetPath(steps, part[1..]) : throw NotAStep(part, offset);
            }

            var match = Step().Match(part);
            if (!match.Success)
            {
                throw NotAStep(part, offset);
            }

            var sibling = match.Groups["sibling"].Success ? match.Groups["sibling"].Value : null;
            steps.Add(new TargetStep(match.Groups["name"].Value, sibling, match.Groups["star"].Success, offset));
            offset += part.Length + 1;
        }

        return steps.Count(s => s.Repeats) <= MaxLevels
            ? new TargetPath(steps, null)
            : throw new ExpressionException("mapping.syntax", $"At most {MaxLevels} levels of a path may repeat.", 0);
    }

    private static ExpressionException NotAStep(string part, int offset) =>
        new("mapping.syntax", $"'{part}' is not a step of a path.", offset, "Write Name, Name*, Name[label], or @attribute at the end.");

    [GeneratedRegex(@"^(?<name>[A-Za-z_][\w.-]*)(\[(?<sibling>[A-Za-z][A-Za-z0-9-]*)\])?(?<star>\*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();

    [GeneratedRegex(@"^[A-Za-z_][\w.-]*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex XmlName();
}

/// <param name="Sibling">Label that tells several elements of one name apart; not written out.</param>
/// <param name="Repeats">True for <c>Name*</c>: one element per entry of the row's list.</param>
internal sealed record TargetStep(string Name, string? Sibling, bool Repeats, int Offset);
