namespace Adapter.Host.Storage;

/// <summary>Opens connections to the store.</summary>
internal abstract class StoreDatabase
{
    /// <summary>What the store is called in messages; holds no secret.</summary>
    public abstract string Name { get; }

    /// <summary>A connection for one short read; dispose it soon.</summary>
    /// <exception cref="System.Data.Common.DbException">The store cannot be reached.</exception>
    public abstract StoreSession OpenForReading();

    /// <summary>Size in bytes of what the store has committed and not yet folded into its tables; null where that is the database's own business.</summary>
    public abstract long? WalBytes { get; }

    /// <summary>What the store's own clock shows now; null where it has none, or has not told yet. <see cref="StoreClock"/> is what deadlines go by.</summary>
    public virtual DateTimeOffset? Clock => null;
}
