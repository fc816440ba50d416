using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <summary>Appends an entry within a write that somebody else began, so that both are committed together or not at all.</summary>
internal interface IJournalRows
{
    /// <summary>The caller signals once his write is committed.</summary>
    void Append(StoreSession session, ReceivedRecord record);
}
