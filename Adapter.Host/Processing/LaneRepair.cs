using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Contracts.Admin;
using Adapter.Contracts.Transit;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;

namespace Adapter.Host.Processing;

/// <inheritdoc cref="ILaneRepair"/>
/// <remarks>
/// The journey is taken as it is now: what was wrong may have been amended. What happened, when and where is taken as it was decided, unless the edits say otherwise.
/// Edits change what the document reads and not the XML, so that id, number and reference to the superseded message are right in every dialect,
/// and every element of the result can still be explained.
/// </remarks>
internal sealed class LaneRepair(ILaneStore lanes, IProcessingStore store, IDestinationStore destinations, IMapper mapper, TimeProvider time) : ILaneRepair
{
    /// <summary>What an event is: changed, it would be another decision with another id.</summary>
    private static readonly string[] Identity = ["key", "kind", "isAlarm", "episode", "codes"];

    public async Task<RepairAnswer> RepairAsync(LaneKey lane, string? message, JsonObject? edits, Actor actor, string reason, CancellationToken cancellationToken)
    {
        if ((await destinations.AllAsync(cancellationToken)).FirstOrDefault(d => d.Name == lane.Destination) is not { } destination)
        {
            return new RepairAnswer($"There is no destination '{lane.Destination}'.");
        }

        var cases = await lanes.RepairableAsync(lane, cancellationToken);
        if (cases is not [var head, ..])
        {
            return new RepairAnswer($"Lane {lane.Destination} / {lane.Subject} is not parked; only the head of a parked lane can be repaired.");
        }

        if (message is not null && message != head.Id)
        {
            return new RepairAnswer($"The head of lane {lane.Destination} / {lane.Subject} is message {head.Id}, not {message}. Look at the lane again.");
        }

        if (head.InDoubt)
        {
            return new RepairAnswer($"Nobody knows whether message {head.Id} took effect, so no other may take its place. Replay it unchanged, or find out at customs and reconcile it.");
        }

        if (Forbidden(edits) is { } problem)
        {
            return new RepairAnswer(problem);
        }

        var journey = await JourneyNowAsync(lane.Subject, cancellationToken);
        var (first, failed) = Again(destination, head, journey, edits, head.Corrects);
        if (first is null)
        {
            return new RepairAnswer($"The message still cannot be made. {failed}");
        }

        List<Repair> repairs = [first];
        foreach (var follower in cases.Skip(1))
        {
            var corrects = follower.Corrects == head.Id ? first.Id : follower.Corrects;
            if (follower.HasBytes && corrects == follower.Corrects)
            {
                continue;
            }

            var (repair, stillFails) = Again(destination, follower, follower.HasBytes ? null : journey, edits: null, corrects);
            if (repair is not null)
            {
                repairs.Add(repair);
            }
            else if (follower.HasBytes)
            {
                return new RepairAnswer($"Number {follower.Number} behind it corrects this message and cannot be made with the new reference. {stillFails}");
            }
        }

        return await lanes.RepairAsync(lane, repairs, actor, reason, cancellationToken) is { } refusal
            ? new RepairAnswer(refusal)
            : new RepairAnswer(Problem: null, first.Id, first.Revision, repairs.Count(r => r != first && r.Corrects != first.Id));
    }

    /// <param name="journey">The journey as it is now; null keeps it as the message has it.</param>
    private (Repair? Repair, string? Problem) Again(Destination destination, RepairCase old, JourneyInfo? journey, JsonObject? edits, string? corrects)
    {
        var kept = JsonSerializer.Deserialize(old.Source.Span, ProcessingJson.Default.OutgoingEvent)!;
        // Behind the head nothing was ever sent, so even changed bytes keep the id.
        var supersedes = old.HasBytes && corrects == old.Corrects;
        var revision = supersedes ? old.Revision + 1 : old.Revision;
        var id = supersedes ? MessageId.Of(destination.Name, Subject.Parse(kept.Message.Subject), old.DecisionKey, revision) : old.Id;
        if (Edited(kept with { Journey = journey ?? kept.Journey }, edits, out var source) is { } wrong)
        {
            return (null, wrong);
        }

        source = source with
        {
            Message = kept.Message with { Id = id, Revision = revision, Supersedes = supersedes ? old.Id : kept.Message.Supersedes, Corrects = corrects },
        };
        var bytes = mapper.Map(destination, source);
        return bytes.Body is { } body
            ? (new Repair(
                old.Id, id, revision, corrects, JsonSerializer.SerializeToUtf8Bytes(source, ProcessingJson.Default.OutgoingEvent),
                destination.Document, bytes.DocumentVersion, destination.Soap, destination.Action, body), null)
            : (null, bytes.Problem);
    }

    private async Task<JourneyInfo?> JourneyNowAsync(string subject, CancellationToken cancellationToken)
    {
        if (Subject.Parse(subject) is not { Kind: SubjectKind.Journey } journey)
        {
            return null;
        }

        var stored = await store.LoadAsync(new Touched([], [journey.Id], [], time.GetUtcNow()), cancellationToken);
        return stored.Subjects.FirstOrDefault(s => s.Subject == journey) is { } state ? JourneyView.Of(state) : null;
    }

    private static string? Forbidden(JsonObject? edits)
    {
        if (edits?.Select(part => part.Key).FirstOrDefault(name => name is not ("event" or "journey")) is { } strange)
        {
            return $"'{strange}' cannot be edited: edits are about 'event' and 'journey'. Id, number and references of a message follow from its lane.";
        }

        return edits?["event"] is JsonObject changed && changed.Select(part => part.Key).FirstOrDefault(Identity.Contains) is { } identity
            ? $"'event.{identity}' cannot be edited: it is what the message is about. Skip the message if it should not be sent."
            : null;
    }

    /// <returns>What is wrong with the edits, or null.</returns>
    private static string? Edited(OutgoingEvent source, JsonObject? edits, out OutgoingEvent edited)
    {
        edited = source;
        if (edits is null)
        {
            return null;
        }

        try
        {
            var merged = MergePatch.Apply(JsonSerializer.SerializeToNode(source, ProcessingJson.Default.OutgoingEvent), edits);
            edited = merged.Deserialize(EditsJson.Default.OutgoingEvent)!;
            return null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            return $"The edits do not fit: {exception.Message}";
        }
    }
}
