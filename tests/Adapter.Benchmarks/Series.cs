using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>Samples of one figure, one per round.</summary>
internal sealed class Series
{
    private readonly List<double> _samples = [];

    public void Add(double sample) => _samples.Add(sample);

    public IReadOnlyList<double> Samples => _samples;

    public double Median
    {
        get
        {
            var sorted = _samples.Order().ToList();
            var middle = sorted.Count / 2;
            return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>Round by round, because a machine's speed drifts from one to the next.</summary>
    public static Series Ratio(Series of, Series to)
    {
        var ratio = new Series();
        foreach (var (a, b) in of._samples.Zip(to._samples))
        {
            ratio.Add(a / b);
        }

        return ratio;
    }

    public string Text(string format) => string.Create(
        CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({_samples.Min().ToString(format, CultureInfo.InvariantCulture)}..{_samples.Max().ToString(format, CultureInfo.InvariantCulture)})");
}
