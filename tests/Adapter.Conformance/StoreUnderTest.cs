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
using Adapter.Host.Processing;
using Adapter.Host.SoapServices;

namespace Adapter.Conformance;

/// <summary>One empty store of the engine under test, and the few acts that only the engine's own words can express.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Stands still until a test moves it.</summary>
    public TestClock Clock { get; } = TestClock.StandingAt(new DateTimeOffset(2026, 7, 9, 12, 0, 0, TimeSpan.Zero));

    public abstract IJournal Journal { get; }

    public abstract IProcessingStore Processing { get; }

    public abstract IDeadlineStore Deadlines { get; }

    public abstract IJourneyReader Journeys { get; }

    public abstract IDestinationStore Destinations { get; }

    public abstract ILaneStore Lanes { get; }

    /// <summary>The same lanes, for receivers that fetch their messages.</summary>
    public IPullStore Pull => (IPullStore)Lanes;

    public abstract IAbandonmentStore Abandonments { get; }

    public abstract IDeadLetterOutbox DeadLetters { get; }

    public abstract INeighbourStore Neighbours { get; }

    public abstract ISoapCallStore SoapCalls { get; }

    public abstract IPrincipalStore Principals { get; }

    public abstract IGapStore Gaps { get; }

    public abstract IMappingStore Mappings { get; }

    public abstract IRecordedTraffic Traffic { get; }

    /// <summary>Closes everything and opens the same data again, as a restart does.</summary>
    public abstract Task ReopenAsync();

    /// <summary>Rows of a table, counted over a connection made for this.</summary>
    public abstract Task<long> RowsAsync(string table);

    /// <summary>Tries to overwrite the bytes of a message past the store's own code.</summary>
    public abstract Task OverwriteBytesAsync(string messageId);

    /// <summary>Tries to set columns of a version of a mapping document past the store's own code.</summary>
    public abstract Task OverwriteMappingAsync(string document, int version, string assignments);

    /// <summary>Tries to change a line of the audit trail past the store's own code.</summary>
    public abstract Task OverwriteAuditAsync();

    /// <summary>Tries to remove the audit trail past the store's own code.</summary>
    public abstract Task DeleteAuditAsync();

    /// <summary>Tries to have an abandonment done by whoever asked for it, past the store's own code.</summary>
    public abstract Task AbandonAloneAsync(long id);

    public abstract ValueTask DisposeAsync();
}
