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

    /// <summary>How far the store's clock is ahead of this machine's; deadlines go by the store's. Zero where the store has none of its own.</summary>
    public virtual TimeSpan ClockAhead => TimeSpan.Zero;
}
