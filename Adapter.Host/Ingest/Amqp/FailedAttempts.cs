namespace Adapter.Host.Ingest.Amqp;

/// <summary>Counts how often a message has failed, for brokers that do not count themselves.</summary>
/// <remarks>In memory and bounded: a restart begins anew, which costs a few attempts more. Messages without an id share one count.</remarks>
internal sealed class FailedAttempts
{
    private const int Most = 10_000;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <returns>How often it has failed, this time included.</returns>
    public int Add(string? id)
    {
        if (_counts.Count >= Most)
        {
            _counts.Clear();
        }

        return _counts[id ?? ""] = _counts.GetValueOrDefault(id ?? "") + 1;
    }

    public void Forget(string? id) => _counts.Remove(id ?? "");
}
