using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>The one number that a bench takes.</summary>
internal static class Rounds
{
    public static int From(string[] args, int ifNone = 4) => args is [var given] ? int.Parse(given, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : ifNone;
}
