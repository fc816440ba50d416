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
}
