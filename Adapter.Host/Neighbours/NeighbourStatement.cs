using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Wco;

namespace Adapter.Host.Neighbours;

/// <summary>What a declaration of a neighbour means for a movement of ours: requests as every other customs system makes them.</summary>
internal abstract record NeighbourStatement
{
    /// <summary>It has left, or has crossed into our country.</summary>
    public sealed record Departed(ConfirmDepartureRequest Request) : NeighbourStatement;

    public sealed record Arrived(ConfirmArrivalRequest Request) : NeighbourStatement;

    /// <summary>Anything else is kept with its words: an alarm, a position, a message that is taken back.</summary>
    public sealed record Observed(ReportObservationRequest Request) : NeighbourStatement;

    private const int LongestRemark = 500;

    /// <summary>UN/EDIFACT 1225: cancellation of what was said.</summary>
    private const int Cancellation = 1;

    /// <summary>UN/EDIFACT 4405: done, approved, rejected.</summary>
    private const string Done = "2";
    private const string Approved = "39";
    private const string Refused = "41";

    /// <param name="movementId">Our own reference of the movement.</param>
    public static NeighbourStatement Of(WcoDeclaration told, string neighbour, string movementId, DateTimeOffset receivedAt)
    {
        var at = told.At ?? receivedAt;
        return Kind(told) switch
        {
            "DEPARTURE" => new Departed(new ConfirmDepartureRequest { MovementId = movementId, Observer = Observer.Office, At = at, Office = told.DeclarationOffice }),
            "ARRIVAL" => new Arrived(new ConfirmArrivalRequest { MovementId = movementId, Observer = Observer.Office, At = at, Office = told.PresentationOffice ?? told.DeclarationOffice }),
            _ => new Observed(new ReportObservationRequest
            {
                MovementId = movementId,
                Observer = Observer.Office,
                At = at,
                Office = told.DeclarationOffice,
                Occasion = Occasion.EnRoute,
                Seen = new SeenCargo(),
                Remark = Remark(told, neighbour),
            }),
        };
    }

    /// <summary>What customs of a neighbour found when they controlled a movement of ours; null where a response tells of no control that has ended.</summary>
    public static ReportObservationRequest? ControlResult(WcoResponse told, string neighbour, string movementId, DateTimeOffset receivedAt)
    {
        var status = told.Statuses.LastOrDefault(s => s.Code is Done or Approved or Refused);
        if (told.FunctionCode != WcoFunction.Amended && (told.FunctionCode != WcoFunction.Control || status is null))
        {
            return null;
        }

        var words = string.Join(' ', told.Statements.Select(s => s.Text).OfType<string>().Concat(told.Errors.Select(e => e.Description)));
        return new ReportObservationRequest
        {
            MovementId = movementId,
            Observer = Observer.Office,
            At = status?.At ?? receivedAt,
            Occasion = Occasion.Examination,
            Seen = new SeenCargo(),
            Conform = status?.Code switch { Approved => true, Refused => false, _ => null },
            Remark = Short($"{neighbour}: control {(told.FunctionCode == WcoFunction.Amended ? "and correction " : "")}by customs ({told.Reference}) {words}".TrimEnd()),
        };
    }

    /// <summary>Whether it announces a movement, so that one may be registered from it.</summary>
    public static bool Announces(WcoDeclaration told) => Kind(told) == "DEPARTURE";

    /// <summary>The movement as the neighbour announces it. Its reference is the MRN, so that the same announcement registers it once.</summary>
    public static RegisterMovementRequest Registration(WcoDeclaration told, string country) => new()
    {
        MovementId = told.Mrn!.Length > 35 ? told.Mrn[..35] : told.Mrn,
        Regime = Regime.CrossBorder,
        Mrn = told.Mrn,
        Vehicle = told.VehiclePlate is { } plate ? new VehicleItem { Plate = plate } : null,
        Containers = [.. told.Equipment.Select(e => new ContainerItem { Number = e.Number, Seals = [.. e.Seals] })],
        Departure = new OfficeItem { Code = told.DeclarationOffice ?? "UNKNOWN", Country = country },
        Destination = new OfficeItem { Code = told.SupervisingOffice ?? "UNKNOWN" },
    };

    /// <summary>By the neutral code where it stands, by the document's type otherwise; a withdrawal is neither.</summary>
    private static string? Kind(WcoDeclaration told) =>
        told.FunctionCode == Cancellation ? null
        : told.Statements.FirstOrDefault(s => s.Code is "DEPARTURE" or "ARRIVAL")?.Code ?? told.TypeCode switch { "525" => "DEPARTURE", "524" => "ARRIVAL", _ => null };

    private static string Remark(WcoDeclaration told, string neighbour)
    {
        var said = told.Statements.FirstOrDefault(s => s.Code is not ("SEQUENCE" or "POSITION" or "CORRECTS" or "SUPERSEDES" or "OUT_OF_SEQUENCE"));
        var about = told.Statements.FirstOrDefault(s => s.Code is "CORRECTS" or "SUPERSEDES")?.Text;
        var text = $"{neighbour}{(told.FunctionCode == Cancellation ? " takes back" : ":")} {said?.Code ?? told.TypeCode ?? "message"} {said?.Text} ({told.Reference}{(about is null ? "" : $", about {about}")})";
        return Short(text);
    }

    private static string Short(string text) => text.Length > LongestRemark ? text[..LongestRemark] : text;
}
