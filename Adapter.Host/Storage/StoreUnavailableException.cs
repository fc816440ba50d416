namespace Adapter.Host.Storage;

/// <summary>The store could not commit. Nothing of the write took effect; it may be tried again.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
