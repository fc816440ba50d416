using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery;

/// <summary>A message that can be mapped again.</summary>
/// <param name="HasBytes">False while its mapping failed: it is mapped in place and keeps its id.</param>
/// <param name="Source">What its mapping document read, as kept with it.</param>
internal sealed record RepairCase(
    string Id, long Number, int Revision, string DecisionKey, bool HasBytes, bool InDoubt, string? Corrects, ReadOnlyMemory<byte> Source);

/// <param name="Replaces">The message that was repaired.</param>
/// <param name="Id">The same where it never had bytes or is behind the head, a new one where it supersedes.</param>
internal sealed record Repair(
    string Replaces, string Id, int Revision, string? Corrects, ReadOnlyMemory<byte> Source, string Document, int DocumentVersion, SoapVersion Soap,
    string Action, ReadOnlyMemory<byte> Body);
