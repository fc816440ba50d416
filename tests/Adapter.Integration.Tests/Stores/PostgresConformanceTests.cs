using Adapter.Conformance;

namespace Adapter.Integration.Tests.Stores;

[Trait("needs", "postgres")]
public sealed class PostgresJournalTests : JournalConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresProcessingStoreTests : ProcessingStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresLaneStoreTests : LaneStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresLaneAnswersTests : LaneAnswersConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresLaneActsTests : LaneActsConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresLaneRepairTests : LaneRepairConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresLaneRecoveryTests : LaneRecoveryConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresPullTests : PullConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresOvertakingTests : OvertakingConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresSoapCallStoreTests : SoapCallStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresPrincipalStoreTests : PrincipalStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresGapStoreTests : GapStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresMappingStoreTests : MappingStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresDestinationStoreTests : DestinationStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresAbandonmentTests : AbandonmentConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresNeighbourStoreTests : NeighbourStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresDeadlineStoreTests : DeadlineStoreConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresCoalescingTests : CoalescingConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresDeadLetterOutboxTests : DeadLetterOutboxConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}

[Trait("needs", "postgres")]
public sealed class PostgresJourneyReaderTests : JourneyReaderConformance
{
    private protected override Task<StoreUnderTest> OpenAsync() => PostgresStore.OpenAsync();
}
