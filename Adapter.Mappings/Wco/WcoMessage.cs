namespace Adapter.Mappings.Wco;

/// <summary>What a neighbour sent, as far as it is understood. The bytes are kept beside it.</summary>
/// <param name="Reference">The sender's id of this message: FunctionalReferenceID.</param>
/// <param name="Mrn">The movement it is about.</param>
public abstract record WcoMessage(string Country, string CustomizationVersion, int FunctionCode, string Reference, string? Mrn)
{
    /// <summary>Statements of the message about itself and its subject, in order.</summary>
    public IReadOnlyList<WcoStatement> Statements { get; init; } = [];

    /// <summary>The sender's number of the message in its lane; null where it counts none.</summary>
    public long? Sequence => Statements.FirstOrDefault(s => s.Code == "SEQUENCE") is { Text: { } text }
        && long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A declaration: something happened to a movement.</summary>
/// <param name="TypeCode">UN/EDIFACT 1001, such as 525 for a departure.</param>
/// <param name="At">When it happened; null where the message does not say.</param>
public sealed record WcoDeclaration(
    string Country, string CustomizationVersion, int FunctionCode, string Reference, string? Mrn, string? TypeCode, DateTimeOffset? At)
    : WcoMessage(Country, CustomizationVersion, FunctionCode, Reference, Mrn)
{
    /// <summary>Office that reports, or the office of departure.</summary>
    public string? DeclarationOffice { get; init; }

    /// <summary>Office at which the goods were presented.</summary>
    public string? PresentationOffice { get; init; }

    /// <summary>Office of destination.</summary>
    public string? SupervisingOffice { get; init; }

    public string? VehiclePlate { get; init; }

    public IReadOnlyList<WcoEquipment> Equipment { get; init; } = [];
}

/// <summary>A response: what became of a message of ours, or what the neighbour asks of us.</summary>
/// <param name="Answers">Our id of the message that it is about.</param>
public sealed record WcoResponse(
    string Country, string CustomizationVersion, int FunctionCode, string Reference, string? Mrn, string? Answers)
    : WcoMessage(Country, CustomizationVersion, FunctionCode, Reference, Mrn)
{
    public IReadOnlyList<WcoError> Errors { get; init; } = [];

    public IReadOnlyList<WcoStatus> Statuses { get; init; } = [];
}

/// <param name="Code">UN/EDIFACT 4405, such as 39 for approved.</param>
/// <param name="At">Since when; null where the message does not say.</param>
public sealed record WcoStatus(string Code, DateTimeOffset? At);

public sealed record WcoStatement(string? Code, string? Text);

public sealed record WcoEquipment(string Number, IReadOnlyList<string> Seals);

/// <summary>Why a message is refused.</summary>
/// <param name="Code">At most 8 characters, from the list of functional errors of the European transit system where it has one.</param>
/// <param name="Pointers">The chain that leads to the element, outermost class first; empty where the message as a whole is meant.</param>
public sealed record WcoError(string Code, string Description, IReadOnlyList<WcoPointer> Pointers);

/// <param name="Section">WCO id of the class, such as 44B.</param>
/// <param name="Sequence">Which repetition of it, from 1; null where it does not repeat.</param>
/// <param name="Tag">WCO id of the element, on the last one of a chain.</param>
public sealed record WcoPointer(string Section, int? Sequence, string? Tag);
