namespace Adapter.Contracts.Telemetry;

/// <summary>What the journal recognises a copy of a record by.</summary>
/// <param name="ReportSecond">Report time in whole seconds since 1970 UTC; the cloud's receive time when the lock's clock is unusable. First in the key, so that the index grows at its end.</param>
/// <param name="Lock">The lock number.</param>
/// <param name="Route">The kind of record.</param>
/// <param name="ContentHash">64 bits of SHA-256 over source and canonical content, without the cloud's receive time.</param>
/// <param name="Source">Which configured source sent it; ids of different sources never meet.</param>
/// <param name="SourceId">The source's own id of an alarm or event row, null where it gives none.</param>
/// <param name="FixedHash">64 bits over the fields that a source never fills in later; equal under one <paramref name="SourceId"/> means revision, different means conflict.</param>
public sealed record RecordIdentity(
    long ReportSecond, LockId Lock, ReportRoute Route, long ContentHash, string Source, string? SourceId, long FixedHash);
