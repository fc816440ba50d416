using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journal;

/// <summary>What kind of thing an entry is: all that can change a journey.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryKind>))]
internal enum EntryKind
{
    Telemetry,
    Registration,
    OperatorAct,

    /// <summary>A cargo manifest.</summary>
    Document,
    Amendment,

    /// <summary>What a gate, an office or another system saw or says of a journey.</summary>
    Observation,
    UnsealOrder,

    /// <summary>A deadline of a journey has passed.</summary>
    Deadline,

    /// <summary>A record that intake could not read. It passes through and changes nothing.</summary>
    Quarantined,
}

/// <summary>A record on its way into the journal.</summary>
/// <param name="Source">The configured source, or the principal who called.</param>
/// <param name="Route">The intake route or the operation.</param>
/// <param name="Body">The bytes as received, secrets elided.</param>
/// <param name="Elided">Names of the fields whose values were removed.</param>
/// <param name="Identity">What a copy is recognised by; null where copies are not dropped.</param>
/// <param name="Quarantine">Why the record cannot be read; it is kept and not processed.</param>
internal sealed record ReceivedRecord(
    EntryKind Kind, string Source, string Route, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body,
    IReadOnlyList<string> Elided, RecordIdentity? Identity, string? Quarantine);

/// <summary>A record as the journal holds it.</summary>
/// <param name="Position">Place in the order of arrival, from 1.</param>
internal sealed record JournalEntry(
    long Position, EntryKind Kind, string Source, string Route, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body);
