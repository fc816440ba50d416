namespace Adapter.Host.Delivery.Outcomes;

/// <summary>How long a lane waits before the same message goes again.</summary>
internal static class Backoff
{
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
    ];

    /// <summary>The wait after an attempt, counted from 1; after the sixth it stays at an hour.</summary>
    /// <param name="jitterSeed">Spreads lanes that failed together. The same seed gives the same wait; it lengthens by a fifth at most, never shortens.</param>
    public static TimeSpan Delay(int attempt, ulong jitterSeed)
    {
        var step = Steps[Math.Clamp(attempt, 1, Steps.Length) - 1];
        return step + TimeSpan.FromTicks((long)(step.Ticks * 0.2 * Fraction(jitterSeed + (ulong)Math.Max(attempt, 0))));
    }

    /// <summary>SplitMix64: neighbouring seeds give unrelated fractions from 0 up to 1.</summary>
    private static double Fraction(ulong seed)
    {
        unchecked
        {
            var mixed = seed + 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
