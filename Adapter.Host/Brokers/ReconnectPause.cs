namespace Adapter.Host.Brokers;

/// <summary>How long to wait before the next attempt to connect: soon at first, rarely in the end, never at the same moment as all others.</summary>
/// <param name="jitter">Gives a number from 0 to 1.</param>
internal sealed class ReconnectPause(Func<double> jitter)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstForAPerson = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestForAPerson = TimeSpan.FromMinutes(5);

    private int _failures;

    /// <summary>Between half and all of a span that doubles with every failure.</summary>
    public TimeSpan Next(BrokerLoss loss)
    {
        var (first, longest) = loss.NeedsAPerson ? (FirstForAPerson, LongestForAPerson) : (First, Longest);
        var span = first * Math.Pow(2, Math.Min(_failures++, 16));
        return (span < longest ? span : longest) * (0.5 + (jitter() / 2));
    }

    /// <summary>To be called when a connection has proved itself, not when it was merely made.</summary>
    public void Reset() => _failures = 0;
}
