using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>What the load saw: events answered 2xx, the time they took, and latencies of single requests.</summary>
internal sealed record LoadResult(long Events, double Seconds, double P50Milliseconds, double P99Milliseconds, long Errors)
{
    public double Rate => Events / Seconds;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Events} {Seconds:R} {P50Milliseconds:R} {P99Milliseconds:R} {Errors}");

    public static LoadResult Parse(string text)
    {
        var parts = text.Trim().Split(' ');
        double Number(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
        return new LoadResult((long)Number(0), Number(1), Number(2), Number(3), (long)Number(4));
    }
}
