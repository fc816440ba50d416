using System.Globalization;
using Adapter.Contracts.Admin;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Verification;

namespace Adapter.Host.Mapping;

/// <summary>Fifth step: what each destination is told, as bytes, or as an unmapped slot.</summary>
internal static class Map
{
    public static IReadOnlyList<MappedSubject> Run(
        IReadOnlyList<VerifiedSubject> verified, IReadOnlyList<Destination> destinations, LaneNumbers numbers, IMapper mapper) =>
        [.. verified.Select(subject => Run(subject, destinations, numbers, mapper))];

    private static MappedSubject Run(
        VerifiedSubject verified, IReadOnlyList<Destination> destinations, LaneNumbers numbers, IMapper mapper)
    {
        var state = verified.State;
        var journey = JourneyView.Of(state);
        var messages = new List<MappedMessage>();
        var emissions = state.Emissions.ToList();
        foreach (var outgoing in verified.Outgoing)
        {
            var key = outgoing.Corrects ?? outgoing.Decision.Key;
            var earlier = emissions.FindIndex(e => e.Key == key);
            var corrections = earlier < 0 ? 0 : emissions[earlier].Corrections + 1;
            // Who was told before hears of the correction also when the movement no longer comes its way.
            var told = destinations.Where(d => Wants(d, state.Subject, outgoing) && (earlier >= 0 || IsOnTheWay(d, journey))
                && (earlier < 0 || emissions[earlier].Destinations.Contains(d.Name))).ToList();
            var decisionKey = corrections == 0 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}/correction-{corrections}");
            foreach (var destination in told)
            {
                var corrects = outgoing.Corrects is { } original ? numbers.Latest(MessageId.Of(destination.Name, state.Subject, original, revision: 1)) : null;
                messages.Add(mapper.Map(new Draft(
                    destination, state.Subject, numbers.Next(destination.Name, state.Subject), decisionKey,
                    outgoing, corrects, verified.Entry, journey, JourneyView.Of(outgoing.Decision, state))));
            }

            var emission = new Emission(
                key, outgoing.Decision, outgoing.Decision.Seen.At, corrections, outgoing.IsWithdrawal,
                earlier < 0 ? [.. told.Select(d => d.Name)] : emissions[earlier].Destinations);
            if (earlier < 0)
            {
                emissions.Add(emission);
            }
            else
            {
                emissions[earlier] = emission;
            }
        }

        if (destinations.Where(d => d.Subscribes.Contains(EventKinds.Position) && IsOnTheWay(d, journey)).ToList() is { Count: > 0 } followers)
        {
            (state, var positions) = Positions.Of(state);
            messages.AddRange(
                from position in positions
                from follower in followers
                select mapper.Map(new Draft(
                    follower, state.Subject, numbers.Next(follower.Name, state.Subject), position.Decision.Key, position, Corrects: null, verified.Entry, journey,
                    JourneyView.Of(position.Decision, state))));
        }

        return new MappedSubject(state with { Emissions = emissions }, messages);
    }

    private static bool Wants(Destination destination, Subject subject, OutgoingDecision outgoing) =>
        // Contradictions of the papers are told to those alone who ask for them.
        ((destination.Subscribes.Contains("*") && outgoing.Decision.Kind != EventKinds.Finding) || destination.Subscribes.Contains(outgoing.Decision.Kind))
        && (subject.Kind == SubjectKind.Journey || (destination.ReceivesUnboundLocks && outgoing.Decision.IsAlarm))
        && (!Checkpoints.IsMeantForOne(outgoing.Decision) || destination.Offices.Contains(outgoing.Decision.Office!.Code))
        && !outgoing.NotTo.Contains(destination.Name);

    private static bool IsOnTheWay(Destination destination, JourneyInfo? journey) =>
        destination.Offices.Count == 0 || (journey is not null && journey.Transit.Prepend(journey.Departure).Append(journey.Destination).Any(office => destination.Offices.Contains(office.Code)));
}

/// <summary>All that a message is made from.</summary>
/// <param name="Corrects">Id of the message that it corrects.</param>
internal sealed record Draft(
    Destination Destination, Subject Subject, long Number, string DecisionKey, OutgoingDecision Outgoing, string? Corrects, long Entry, JourneyInfo? Journey, EventInfo Event);

/// <summary>Turns a draft into bytes by the destination's live mapping document.</summary>
internal interface IMapper
{
    /// <summary>Never throws for what the document or the data lack: such a message is unmapped and says why.</summary>
    MappedMessage Map(Draft draft);

    /// <summary>Makes the bytes of a message whose content is known already, by the document that the destination has now.</summary>
    MappedBytes Map(Destination destination, OutgoingEvent source);
}

/// <param name="Body">The bytes, null where the mapping failed.</param>
internal sealed record MappedBytes(ReadOnlyMemory<byte>? Body, string? Problem, int DocumentVersion);
