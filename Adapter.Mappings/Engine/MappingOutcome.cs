namespace Adapter.Mappings.Engine;

/// <summary>What became of one event.</summary>
public abstract record MappingOutcome
{
    private MappingOutcome()
    {
    }

    /// <param name="Body">The message's root element in UTF-8, without byte order mark and XML declaration; valid against the target's schemas.</param>
    public sealed record Mapped(ReadOnlyMemory<byte> Body) : MappingOutcome;

    public sealed record Failed(IReadOnlyList<MappingProblem> Problems) : MappingOutcome;
}

/// <summary>Why one value stands in a message.</summary>
/// <param name="Path">Path below the root, with places where elements repeat: <c>TransportEquipment[2]/Seal[1]/ID</c>.</param>
/// <param name="Row">The row's target as written.</param>
/// <param name="Sources">What was read, path and value.</param>
/// <param name="Uses">Functions and tables on the way.</param>
public sealed record ExplainedElement(
    string Path, string Value, string Row, int Line, string Expression, IReadOnlyList<KeyValuePair<string, string?>> Sources, IReadOnlyList<string> Uses)
{
    /// <summary>Code tables looked into, what for, and the entry found.</summary>
    public IReadOnlyList<TableLookup> Tables { get; init; } = [];
}

/// <param name="Entry">Null where the table has none.</param>
public sealed record TableLookup(string Table, string? Key, string? Entry);
