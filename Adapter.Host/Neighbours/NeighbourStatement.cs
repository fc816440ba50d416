using System.Xml;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Neighbours;

/// <summary>What a message of a neighbour means here, as its mapping document says: a request as every other customs system makes it, or an answer.</summary>
internal abstract record NeighbourStatement
{
    private static readonly XmlSerializer Registrations = new(typeof(RegisterMovementRequest));
    private static readonly XmlSerializer Departures = new(typeof(ConfirmDepartureRequest));
    private static readonly XmlSerializer Arrivals = new(typeof(ConfirmArrivalRequest));
    private static readonly XmlSerializer Observations = new(typeof(ReportObservationRequest));

    /// <summary>It has left, or has crossed into our country.</summary>
    public sealed record Departed(ConfirmDepartureRequest Request) : NeighbourStatement;

    public sealed record Arrived(ConfirmArrivalRequest Request) : NeighbourStatement;

    public sealed record Observed(ReportObservationRequest Request) : NeighbourStatement;

    /// <summary>What became of a message of ours.</summary>
    /// <param name="Numbers">With <see cref="AnswerVerdict.SendAgain"/>: what is missing, such as <c>3-5 7</c>.</param>
    public sealed record Answered(AnswerVerdict Verdict, string Code, string? Text, string? Numbers) : NeighbourStatement;

    /// <summary>The movement as the neighbour announces it; null where it announces none.</summary>
    public RegisterMovementRequest? Registration { get; init; }

    /// <param name="statement">Valid in the schema of the target <c>transit/neighbour-statement</c>.</param>
    public static NeighbourStatement Read(ReadOnlyMemory<byte> statement)
    {
        using var reader = XmlInput.CreateReader(statement);
        reader.ReadStartElement("Statement");
        var registration = reader.LocalName == "RegisterMovement" ? (RegisterMovementRequest)Registrations.Deserialize(reader)! : null;
        NeighbourStatement said = reader.LocalName switch
        {
            "ConfirmDeparture" => new Departed((ConfirmDepartureRequest)Departures.Deserialize(reader)!),
            "ConfirmArrival" => new Arrived((ConfirmArrivalRequest)Arrivals.Deserialize(reader)!),
            "ReportObservation" => new Observed((ReportObservationRequest)Observations.Deserialize(reader)!),
            _ => Answer(reader),
        };
        return said with { Registration = registration };
    }

    private static Answered Answer(XmlReader reader)
    {
        reader.ReadStartElement("Answer");
        var verdict = Enum.Parse<AnswerVerdict>(reader.ReadElementContentAsString());
        var code = reader.ReadElementContentAsString();
        var text = reader.LocalName == "Text" ? reader.ReadElementContentAsString() : null;
        return new Answered(verdict, code, text, reader.LocalName == "Numbers" ? reader.ReadElementContentAsString() : null);
    }
}

internal enum AnswerVerdict
{
    Accepted,
    Rejected,

    /// <summary>What counts as delivered did not arrive and is asked for again.</summary>
    SendAgain,

    /// <summary>Kept, and changes nothing.</summary>
    Noted,
}
