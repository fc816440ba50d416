using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <inheritdoc/>
/// <remarks>
/// A round trip costs more than a row, so all requests that wait go in together: one statement finds what is known and draws positions, two insert.
/// Another host may insert the same key in between; then its row is found by the next try.
/// </remarks>
internal sealed class PostgresJournal(StoreWriter writer, StoreDatabase database, JournalSignal signal, TimeProvider time) : SqlJournal(writer, database, signal, time), IJournalRows
{
    protected override string Waits => "EXISTS (SELECT 1 FROM waiting_entries w WHERE w.position = j.position)";

    protected override string CountWaiting => "SELECT count(*) FROM waiting_entries";

    void IJournalRows.Append(StoreSession session, ReceivedRecord record) => PostgresAppend.Run((PostgresSession)session, [record]);

    protected override Task<AppendResult[]> WriteAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken) =>
        records.Count == 0 ? Task.FromResult<AppendResult[]>([]) : Writer.MergeAsync(WriteUrgency.Intake, records, records.Count, Work, cancellationToken);

    /// <summary>One instance, because writes of the same work are merged.</summary>
    private static readonly Func<StoreSession, IReadOnlyList<IReadOnlyList<ReceivedRecord>>, IReadOnlyList<AppendResult[]>> Work = Append;

    private static IReadOnlyList<AppendResult[]> Append(StoreSession session, IReadOnlyList<IReadOnlyList<ReceivedRecord>> requests)
    {
        List<ReceivedRecord> records = [.. requests.SelectMany(request => request)];
        var results = PostgresAppend.Run((PostgresSession)session, records);
        var next = 0;
        return [.. requests.Select(request => results[next..(next += request.Count)])];
    }
}
