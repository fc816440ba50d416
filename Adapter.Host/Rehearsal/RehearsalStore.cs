namespace Adapter.Host.Rehearsal;

/// <summary>A store that a rehearsal's host is to use.</summary>
internal sealed record RehearsalStore(string Provider, string ConnectionString);
