using Adapter.Conformance;

namespace Adapter.Integration.Tests.Stores;

public sealed class SqliteJournalTests : JournalConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteProcessingStoreTests : ProcessingStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteDeadlineStoreTests : DeadlineStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLaneStoreTests : LaneStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLaneAnswersTests : LaneAnswersConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLaneActsTests : LaneActsConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLaneRepairTests : LaneRepairConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLaneRecoveryTests : LaneRecoveryConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteNeighbourStoreTests : NeighbourStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqlitePullTests : PullConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteOvertakingTests : OvertakingConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteAbandonmentTests : AbandonmentConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteSoapCallStoreTests : SoapCallStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqlitePrincipalStoreTests : PrincipalStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteGapStoreTests : GapStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteMappingStoreTests : MappingStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteDestinationStoreTests : DestinationStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteCoalescingTests : CoalescingConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteDeadLetterOutboxTests : DeadLetterOutboxConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteJourneyReaderTests : JourneyReaderConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => SqliteStore.OpenAsync();
}
