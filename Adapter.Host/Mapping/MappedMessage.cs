using Adapter.Contracts.Admin;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Mapping;

/// <summary>One message for one destination, with its bytes or the reason why there are none.</summary>
/// <param name="Number">Its place in the lane; taken even where the mapping failed.</param>
/// <param name="Body">The bytes, null where the mapping failed.</param>
/// <param name="Entry">Journal position that led to it.</param>
internal sealed record MappedMessage(
    string Id, Destination Destination, Subject Subject, long Number, string DecisionKey, Decision Decision, string? Corrects, long Entry,
    OutgoingEvent Source, string Document, int DocumentVersion, ReadOnlyMemory<byte>? Body, string? Problem)
{
    /// <summary>The bytes with which it goes before earlier messages; null where it may not.</summary>
    public ReadOnlyMemory<byte>? OvertakingBody { get; init; }
}

/// <summary>A verified subject with the messages that its decisions became.</summary>
internal sealed record MappedSubject(SubjectState State, IReadOnlyList<MappedMessage> Messages);

/// <summary>Last number given in each lane, by destination and subject, and which messages took the place of others.</summary>
/// <param name="superseded">Ids of superseded messages, each with the id of the one that took its place.</param>
internal sealed class LaneNumbers(IReadOnlyDictionary<(string Destination, Subject Subject), long> last, IReadOnlyDictionary<string, string> superseded)
{
    private readonly Dictionary<(string, Subject), long> _last = new(last);

    public long Next(string destination, Subject subject)
    {
        var number = _last.GetValueOrDefault((destination, subject)) + 1;
        _last[(destination, subject)] = number;
        return number;
    }

    /// <summary>The message that counts: the last revision.</summary>
    public string Latest(string id)
    {
        while (superseded.TryGetValue(id, out var later))
        {
            id = later;
        }

        return id;
    }
}
