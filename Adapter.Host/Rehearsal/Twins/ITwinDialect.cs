using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>What one receiving system understands, how it treats a repeated id, and how it answers. Pure.</summary>
internal interface ITwinDialect
{
    /// <summary>One of <see cref="TwinName"/>.</summary>
    string Name { get; }

    string Path { get; }

    /// <summary>The SOAP versions it takes; faults about a wrong version are in the first.</summary>
    IReadOnlyList<SoapForm> Speaks { get; }

    /// <summary>Whether the same id with the same body has no second effect.</summary>
    bool Idempotent { get; }

    /// <returns>The message, or null when the body is none that this system knows or has no id.</returns>
    TwinMessage? Read(XElement body);

    TwinAnswer Answer(TwinMessage message, TwinVerdict verdict);
}

internal static class TwinName
{
    public const string Manifest = "manifest";
    public const string Transportation = "transportation";
    public const string Neighbour = "neighbour";

    public static IReadOnlyList<string> All { get; } = [Manifest, Transportation, Neighbour];
}

/// <param name="Element">Local name of the body element.</param>
/// <param name="Sequence">The message's number in its lane, null where it carries none.</param>
/// <param name="Subject">The MRN, null where the message names none.</param>
/// <param name="Kind">Neutral kind of event such as ROPE_CUT, null where it cannot be read.</param>
/// <param name="Asks">True for a question, which has no effect.</param>
internal sealed record TwinMessage(string Element, string MessageId, long? Sequence, string? Subject, string? Kind, bool Asks)
{
    /// <summary>True where it takes back what an earlier message said.</summary>
    public bool Withdraws { get; init; }
}

/// <param name="Result">The word or code that decides, as it stands in the answer.</param>
internal sealed record TwinAnswer(string Result, XElement Body);

/// <param name="Effect">1 for the first effect of an id, 2 for a doubled one; 0 when there was none.</param>
/// <param name="At">When the id first took effect; now when it has not.</param>
internal sealed record TwinVerdict(TwinFinding Finding, int Effect, DateTimeOffset At);

internal enum TwinFinding
{
    TookEffect,
    /// <summary>Took effect, which the answer does not say.</summary>
    Acknowledged,
    Duplicate,
    /// <summary>The id was used before for another body.</summary>
    IdReused,
    /// <summary>Refused because an order says so.</summary>
    RefusedByOrder,
    /// <summary>Asked about, and known.</summary>
    Known,
    /// <summary>Asked about, and never taken.</summary>
    NotKnown,
}

/// <summary>Codes and words of a refusal, the same for all twins.</summary>
internal static class TwinRefusal
{
    public const string ByOrder = "TRN-409";
    public const string ByOrderText = "The rehearsal was told to refuse this message.";
    public const string IdReusedText = "This message id was used before for a message with another content.";
}
