namespace Adapter.Host.SoapServices;

/// <summary>Calls that found nothing, such as polls of an idle receiver: counted, and told in the next audit line of their caller, one an hour at least.</summary>
/// <remarks>In memory: a crash forgets the count since the last line, never a call that had an effect.</remarks>
internal sealed class IdleCalls(TimeProvider time)
{
    /// <summary>How long one audit line speaks for the calls that found nothing behind it.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Service, string Caller, string Operation), (long Told, int Untold)> _known = [];

    /// <param name="foundNothing">The call had no effect and handed out nothing.</param>
    /// <returns>The detail of the audit line; null where this call is only counted.</returns>
    public string? Line(string service, string caller, string operation, string outcome, bool foundNothing)
    {
        // Callers and operations are those of the settings and contracts, so this does not grow.
        var key = (service, caller, operation);
        lock (_gate)
        {
            var known = _known.TryGetValue(key, out var before);
            if (known && foundNothing && time.GetElapsedTime(before.Told) < Span)
            {
                _known[key] = before with { Untold = before.Untold + 1 };
                return null;
            }

            if (known || foundNothing)
            {
                _known[key] = (time.GetTimestamp(), 0);
            }

            return before.Untold == 0 ? outcome : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{outcome}; found nothing {before.Untold} times before");
        }
    }
}
