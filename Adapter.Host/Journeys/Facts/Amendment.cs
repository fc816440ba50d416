namespace Adapter.Host.Journeys.Facts;

/// <summary>One change of the registration, for people to read; the registration itself holds the result.</summary>
/// <param name="Changes">One plain sentence per change, with the old and the new value.</param>
internal sealed record Amendment(DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Changes, long Entry);
