namespace Adapter.TestKit;

/// <summary>SplitMix64: the same seed gives the same numbers on every machine.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From <paramref name="from"/> up to but without <paramref name="to"/>.</summary>
    public int Next(int from, int to)
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return from + (int)((mixed ^ (mixed >> 31)) % (ulong)(to - from));
        }
    }

    public bool Chance(int percent) => Next(0, 100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(0, from.Count)];

    /// <summary>A whole number of seconds between two spans.</summary>
    public TimeSpan Span(TimeSpan from, TimeSpan to) => TimeSpan.FromSeconds(Next((int)from.TotalSeconds, (int)to.TotalSeconds + 1));

    public TimeSpan Minutes(int from, int to) => Span(TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(to));

    /// <summary>A seed of its own for the part with this number.</summary>
    public static ulong Derive(ulong seed, int number)
    {
        var random = new SeededRandom(seed ^ ((ulong)number * 0xD1342543DE82EF95));
        return ((ulong)random.Next(0, int.MaxValue) << 20) ^ (ulong)random.Next(0, int.MaxValue);
    }
}
