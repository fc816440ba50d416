using System.Globalization;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.DeadLetters;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Neighbours;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.SoapServices;
using Adapter.Host.Storage;

namespace Adapter.Conformance;

/// <summary>One empty store of the engine under test, and the few acts that only the engine's own words can express.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Stands still until a test moves it.</summary>
    public TestClock Clock { get; } = TestClock.StandingAt(new DateTimeOffset(2026, 7, 9, 12, 0, 0, TimeSpan.Zero));

    public abstract StoreDatabase Database { get; }

    public abstract StoreWriter Writer { get; }

    public abstract IJournal Journal { get; }

    public abstract IProcessingStore Processing { get; }

    public IDeadlineStore Deadlines => new SqlDeadlineStore(Writer, Database, (IJournalRows)Journal, new JournalSignal());

    public IJourneyReader Journeys => new SqlJourneyReader(Database);

    public IDestinationStore Destinations => new SqlDestinationStore(Writer, Database, CrashPoints.None, Clock);

    public ILaneStore Lanes => new SqlLaneStore(Writer, Database, CrashPoints.None, Clock);

    /// <summary>The same lanes, for receivers that fetch their messages.</summary>
    public IPullStore Pull => (IPullStore)Lanes;

    public IAbandonmentStore Abandonments => new SqlAbandonmentStore(Writer, Database, Clock);

    public IDeadLetterOutbox DeadLetters => new SqlDeadLetterOutbox(Writer, Database, Clock);

    public INeighbourStore Neighbours => new SqlNeighbourStore(Writer, Database, Clock);

    public ISoapCallStore SoapCalls => new SqlSoapCallStore(Writer, Clock);

    public IPrincipalStore Principals => new SqlPrincipalStore(Writer, Database, Clock);

    public IGapStore Gaps => new SqlGapStore(Writer, Database, Clock);

    public IMappingStore Mappings => new SqlMappingStore(Writer, Database, Clock);

    public IRecordedTraffic Traffic => new SqlRecordedTraffic(Database);

    /// <summary>Closes everything and opens the same data again, as a restart does.</summary>
    public abstract Task ReopenAsync();

    /// <summary>Rows of a table, counted over a connection made for this.</summary>
    public abstract Task<long> RowsAsync(string table);

    /// <summary>Runs a statement past the store's own code, over a connection made for this.</summary>
    public abstract Task RunAsync(string sql);

    /// <summary>Tries to overwrite the bytes of a message past the store's own code.</summary>
    public abstract Task OverwriteBytesAsync(string messageId);

    /// <summary>Tries to set columns of a version of a mapping document past the store's own code.</summary>
    public Task OverwriteMappingAsync(string document, int version, string assignments) =>
        RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE mapping_versions SET {assignments} WHERE document = '{document}' AND version = {version}"));

    /// <summary>Tries to change a line of the audit trail past the store's own code.</summary>
    public Task OverwriteAuditAsync() => RunAsync("UPDATE audit SET actor = 'nobody'");

    /// <summary>Tries to remove the audit trail past the store's own code.</summary>
    public Task DeleteAuditAsync() => RunAsync("DELETE FROM audit");

    /// <summary>Tries to have an abandonment done by whoever asked for it, past the store's own code.</summary>
    public Task AbandonAloneAsync(long id) => RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE abandonments SET done_by = asked_by WHERE id = {id}"));

    public abstract ValueTask DisposeAsync();
}
