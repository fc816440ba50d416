using Adapter.Host.Journal;
using Adapter.Host.Observability;

namespace Adapter.Host.Ingest;

/// <summary>How the journal's answers are counted, whatever way the records came in.</summary>
internal static class IntakeMetrics
{
    public static void Received(this AdapterMetrics metrics, string source, IEnumerable<AppendResult> results)
    {
        foreach (var (result, count) in results.CountBy(NameOf))
        {
            metrics.Received(source, result, count);
        }
    }

    private static string NameOf(AppendResult result) => result switch
    {
        AppendResult.Stored => "stored",
        AppendResult.Duplicate => "duplicate",
        AppendResult.Revision => "revision",
        AppendResult.Conflict => "conflict",
        AppendResult.Quarantined => "quarantined",
        _ => throw new InvalidOperationException($"The journal answered {result}."),
    };
}
