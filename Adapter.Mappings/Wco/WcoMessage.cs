using System.Globalization;
using System.Xml.Linq;

namespace Adapter.Mappings.Wco;

/// <summary>What a neighbour sent, as far as the exchange itself needs it; what it means is for mapping documents to say.</summary>
/// <param name="Reference">The sender's id of this message: FunctionalReferenceID.</param>
/// <param name="Mrn">The movement it is about.</param>
/// <param name="Answers">Of a response: our id of the message that it is about.</param>
/// <param name="MetaData">All of it.</param>
public sealed record WcoMessage(WcoKind Kind, string Country, string CustomizationVersion, int FunctionCode, string Reference, string? Mrn, string? Answers, XElement MetaData)
{
    /// <summary>Statements of the message about itself and its subject, in order.</summary>
    public IReadOnlyList<WcoStatement> Statements { get; init; } = [];

    /// <summary>The sender's number of the message in its lane; null where it counts none.</summary>
    public long? Sequence => Statements.FirstOrDefault(s => s.Code == "SEQUENCE") is { Text: { } text }
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether it went before its turn, so that lower numbers are still to come.</summary>
    public bool IsOutOfSequence => Statements.Any(s => s.Code == "OUT_OF_SEQUENCE");
}

public enum WcoKind
{
    /// <summary>Something happened to a movement.</summary>
    Declaration,

    /// <summary>What became of a message of ours, or what the neighbour asks of us.</summary>
    Response,
}

public sealed record WcoStatement(string? Code, string? Text);

/// <summary>Why a message is refused.</summary>
/// <param name="Code">At most 8 characters, from the list of functional errors of the European transit system where it has one.</param>
/// <param name="Pointers">The chain that leads to the element, outermost class first; empty where the message as a whole is meant.</param>
public sealed record WcoError(string Code, string Description, IReadOnlyList<WcoPointer> Pointers);

/// <param name="Section">WCO id of the class, such as 44B.</param>
/// <param name="Sequence">Which repetition of it, from 1; null where it does not repeat.</param>
/// <param name="Tag">WCO id of the element, on the last one of a chain.</param>
public sealed record WcoPointer(string Section, int? Sequence, string? Tag);
