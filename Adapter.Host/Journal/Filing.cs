namespace Adapter.Host.Journal;

/// <summary>How a record is filed, given what the journal knows: a copy is dropped, and what a source says again under the same id is a revision, or a conflict where it says otherwise.</summary>
/// <param name="CopyOf">Position of the same record from the same source; then nothing is stored.</param>
/// <param name="Relation">What it is to the entry at <paramref name="Related"/>, or that it is quarantined.</param>
/// <param name="IsNewId">Whether the source gave it an id that was not known before.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct Filing(long? CopyOf, string? Relation, long? Related, string? Note, bool IsNewId)
{
    private const string Quarantined = "quarantined";
    private const string Revision = "revision";
    private const string Conflict = "conflict";

    /// <param name="copyOf">Where the same record lies already, or null.</param>
    /// <param name="first">The first entry with the record's source id, or null.</param>
    public static Filing Of(ReceivedRecord record, long? copyOf, Identified? first) => (record, copyOf, first) switch
    {
        ({ Quarantine: { } reason }, _, _) => new(null, Quarantined, null, reason, false),
        ({ Identity: null }, _, _) => default,
        (_, { } position, _) => new(position, null, null, null, false),
        ({ Identity.SourceId: null }, _, _) => default,
        (_, _, null) => new(null, null, null, null, IsNewId: true),
        ({ Identity: { } identity }, _, { } known) when known.FixedHash == identity.FixedHash => new(null, Revision, known.Position, null, false),
        ({ Identity: { SourceId: { } id } }, _, { } known) => new(null, Conflict, known.Position, $"The source used the id {id} before for other content.", false),
    };

    /// <summary>The result, once it is stored; a copy is stored nowhere.</summary>
    public AppendResult At(long position) => this switch
    {
        { CopyOf: { } copyOf } => new AppendResult.Duplicate(copyOf),
        { Relation: Quarantined } => new AppendResult.Quarantined(position, Note!),
        { Relation: Revision } => new AppendResult.Revision(position, Related!.Value),
        { Relation: Conflict } => new AppendResult.Conflict(position, Related!.Value),
        _ => new AppendResult.Stored(position),
    };
}

/// <summary>The first entry with an id of a source.</summary>
/// <param name="FixedHash">Of what does not change when the source fills it in later.</param>
internal sealed record Identified(long Position, long FixedHash);
