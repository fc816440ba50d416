using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>How long something lasted of which a finding is, as far as is known now: late data moves both ends.</summary>
/// <param name="Lock">The lock that it is about; null where all locks of the journey see the same.</param>
internal sealed record Lasting(DateTimeOffset From, DateTimeOffset To, LockId? Lock = null)
{
    /// <summary>How much of one lies in the other; zero or less where they are two things.</summary>
    public TimeSpan SharedWith(Lasting other) => Lock != other.Lock ? TimeSpan.Zero : (To < other.To ? To : other.To) - (From > other.From ? From : other.From);

    /// <summary>From the beginning of the earlier to the end of the later.</summary>
    public static Lasting Both(Lasting? one, Lasting other) =>
        one is null ? other : new Lasting(one.From < other.From ? one.From : other.From, one.To > other.To ? one.To : other.To, one.Lock);
}
