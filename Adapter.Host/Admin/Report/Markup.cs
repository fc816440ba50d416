using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Adapter.Host.Admin.Report;

/// <summary>HTML that is safe by construction: literals are taken as they are, and everything put into them is escaped unless it is markup itself.</summary>
internal sealed class Markup
{
    private readonly string _html;

    private Markup(string html) => _html = html;

    public static Markup Empty { get; } = new("");

    public static Markup Of(Builder html) => new(html.ToString());

    /// <summary>Text that this program made and that must stay as it is, such as its own style sheet.</summary>
    public static Markup Verbatim(string html) => new(html);

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p._html)));

    /// <summary>Text of others in a page of any direction: it runs its own way and disturbs nothing around it.</summary>
    public static Markup Data(string? text) => string.IsNullOrEmpty(text) ? Empty : Of($"<bdi>{text}</bdi>");

    public override string ToString() => _html;

    [InterpolatedStringHandler]
    public readonly ref struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _html = new(literalLength + (16 * formattedCount));

        public void AppendLiteral(string literal) => _html.Append(literal);

        public void AppendFormatted(Markup markup) => _html.Append(markup._html);

        public void AppendFormatted(string? text) => _html.Append(HtmlEncoder.Default.Encode(Visible(text ?? "")));

        public void AppendFormatted(int number) => _html.Append(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(long number) => _html.Append(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double number) => _html.Append(Math.Round(number, 1).ToString(CultureInfo.InvariantCulture));

        public override string ToString() => _html.ToString();

        /// <summary>Controls and overrides of direction are shown, not obeyed: a plate must not be able to turn its line around.</summary>
        private static string Visible(string text) => text.Any(IsHidden)
            ? string.Concat(text.Select(c => IsHidden(c) ? $"\\u{(int)c:X4}" : c.ToString()))
            : text;

        private static bool IsHidden(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\uFEFF';
    }
}
