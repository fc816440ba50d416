using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

internal enum SubjectKind
{
    Journey,
    Lock,

    /// <summary>A cargo manifest, kept for the journeys that name it; nothing is sent about it.</summary>
    Manifest,
}

/// <summary>What a lane and its messages are about: a journey, or a lock while no journey owns it.</summary>
internal sealed record Subject(SubjectKind Kind, string Id)
{
    public static Subject OfJourney(string journeyId) => new(SubjectKind.Journey, journeyId);

    public static Subject Of(LockId @lock) => new(SubjectKind.Lock, @lock.Value);

    public static Subject OfManifest(string number) => new(SubjectKind.Manifest, number);

    /// <exception cref="FormatException">The text is no subject.</exception>
    public static Subject Parse(string text) => text.Split(':', 2) switch
    {
        ["journey", var id] => new(SubjectKind.Journey, id),
        ["lock", var id] => new(SubjectKind.Lock, id),
        ["manifest", var id] => new(SubjectKind.Manifest, id),
        _ => throw new FormatException($"'{text}' is not a subject: expected journey:ID, lock:NUMBER or manifest:NUMBER."),
    };

    /// <summary>The stored form, which is also part of every message id.</summary>
    public override string ToString() => Kind switch
    {
        SubjectKind.Journey => $"journey:{Id}",
        SubjectKind.Lock => $"lock:{Id}",
        _ => $"manifest:{Id}",
    };
}
