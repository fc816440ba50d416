using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Schema;
using Adapter.Contracts.Customs;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Neighbours;

/// <summary>Takes WCO messages of neighbours: checked, kept once, turned into facts, answered.</summary>
/// <remarks>
/// A repeat with the same content gets the same answer; the same reference with other content is refused. A number that is missing in the neighbour's own count is asked for.
/// What a message means is said by the neighbour's mapping document; it becomes a request to <see cref="MovementDesk"/>, as every other customs system makes it.
/// </remarks>
internal sealed partial class ExchangeDesk(
    INeighbourStore store, MovementDesk movements, IJourneyReader journeys, IJournal journal, IDestinationStore destinations, ILaneStore lanes, LaneSignal signal,
    InboundDocuments documents, IOptions<NeighbourOptions> neighbours, IOptions<WcoOptions> wco, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<ExchangeDesk> logger)
{
    /// <summary>ISO 3166 keeps it for a country that is not told.</summary>
    private const string Unspecified = "ZZ";

    private readonly Dictionary<string, XmlSchemaSet> _schemas = neighbours.Value.Where(n => n.Value.Schemas.Count > 0)
        .ToDictionary(n => n.Key, n => SchemaFolder.Load(n.Value.Schemas), StringComparer.Ordinal);

    /// <param name="metaData">The message: the element MetaData as it came.</param>
    /// <param name="relatesTo">What the envelope says that a response is about, as <c>wsa:RelatesTo</c>; null where it says nothing.</param>
    /// <param name="messageId">Its <c>wsa:MessageID</c>, which later answers relate to; null where it has none.</param>
    /// <returns>The response, or null where the caller speaks for no neighbour.</returns>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds.</exception>
    /// <exception cref="InvalidOperationException">The neighbour's mapping document cannot be used; the message is not kept and may come again.</exception>
    public async Task<ReadOnlyMemory<byte>?> SubmitAsync(Actor caller, ReadOnlyMemory<byte> metaData, string? messageId, string? relatesTo, CancellationToken cancellationToken)
    {
        if (neighbours.Value.Where(n => n.Value.Callers.Contains(caller.Name)).Select(n => (n.Key, n.Value)).ToList() is not [var (name, settings)])
        {
            return null;
        }

        var now = time.GetUtcNow();
        var reading = WcoReader.Read(metaData);
        if (reading.Message is { } open && settings.SchemaVersion == open.CustomizationVersion && _schemas.TryGetValue(name, out var own))
        {
            reading = WcoReader.Read(metaData, own);
        }

        if (reading.Message is { } read && read.Country != settings.Country && read.Country != Unspecified)
        {
            reading = reading with { Message = null, Errors = [new WcoError(WcoErrorCodes.Invalid, $"ResponsibleCountryCode is '{read.Country}'; {caller.Name} speaks for {settings.Country}.", [])] };
        }

        if (reading.Message is not { } message)
        {
            await KeepUnreadableAsync(name, caller, reading.Errors, metaData, now, cancellationToken);
            return WcoResponseWriter.Write(wco.Value.Sender, WcoFunction.Rejected, reading.Reference, reading.Mrn, now, reading.Errors);
        }

        var sha = Convert.ToHexStringLower(SHA256.HashData(metaData.Span));
        if (await store.FindAsync(name, message.Reference, cancellationToken) is { } known)
        {
            return known.Sha256 == sha ? AnswerTo(known, message, now) : Refusal(message, now, new WcoError(WcoErrorCodes.IdReused, $"{message.Reference} was used before for another message.", [Header("D026")]));
        }

        var told = new Told(settings, message, new KeptMessage(name, message.Reference, message.Mrn, message.Sequence, now, sha, null, KeptMessage.Pending, default) { MessageId = messageId }, caller, metaData);
        return message.Kind == WcoKind.Declaration
            ? await TakeDeclarationAsync(told, cancellationToken)
            : await TakeResponseAsync(told, relatesTo is null ? null : OwnId(relatesTo), cancellationToken);
    }

    /// <summary>Concludes what was not processed when its message was answered 02.</summary>
    /// <returns>How many are still pending.</returns>
    public async Task<int> ConcludeAsync(CancellationToken cancellationToken)
    {
        var pending = await store.PendingAsync(cancellationToken);
        var left = 0;
        foreach (var message in pending)
        {
            if (message.Entry is not { } entry || (await journal.FindAsync(entry, cancellationToken))?.Result is not { } result)
            {
                left++;
                continue;
            }

            var concluded = Concluded(message, result.Accepted, result.Code, result.Text, time.GetUtcNow());
            var settings = neighbours.Value.GetValueOrDefault(message.Neighbour);
            await store.ConcludeAsync(concluded, settings is null ? [] : await WordsAsync(settings, concluded, concluded.Answer, cancellationToken), cancellationToken);
            signal.Changed();
        }

        return left;
    }

    /// <summary>What a neighbour says of a movement.</summary>
    private async Task<ReadOnlyMemory<byte>> TakeDeclarationAsync(Told told, CancellationToken cancellationToken)
    {
        var (message, now) = (told.Message, told.Kept.ReceivedAt);
        var movement = message.Mrn is { } mrn && await journeys.ListAsync(mrn, null, 1, cancellationToken) is [var line, ..] ? line.Id : null;
        var (kept, statement, refusal) = await UnderstandAsync(told, told.Settings.Declarations, movement, cancellationToken);
        if (statement is null)
        {
            return refusal;
        }

        var missing = message is { Mrn: { } lane, Sequence: { } number, IsOutOfSequence: false } ? await store.MissingAsync(kept.Neighbour, lane, number, cancellationToken) : [];
        if (movement is null && message.Mrn is not null && told.Settings.Registers && statement.Registration is { } registration)
        {
            var registered = await movements.RegisterMovementAsync(registration, told.Caller, cancellationToken);
            if (registered.Receipt is not { Accepted: true })
            {
                return Refusal(message, now, ErrorOf(registered.Receipt?.Code ?? registered.Fault!.Code, registered.Receipt?.Text ?? registered.Fault!.Text));
            }

            movement = registration.MovementId;
        }

        if (movement is null)
        {
            // Not kept: once the movement is known, the same message may come again and be taken.
            return Refusal(message, now, message.Mrn is null
                ? new WcoError(WcoErrorCodes.Missing, "Declaration/ID is missing: without its MRN nobody knows which movement is meant.", [Header("D014")])
                : new WcoError(WcoErrorCodes.UnknownMrn, $"No movement has the MRN {message.Mrn}.", [Header("D014")]));
        }

        var answer = await RequestAsync(statement, told.Caller, cancellationToken);
        if (answer.Receipt is not { } receipt)
        {
            return Refusal(message, now, ErrorOf(answer.Fault!.Code, answer.Fault.Text));
        }

        kept = kept with { Entry = receipt.Entry };
        kept = receipt.Pending ? kept : Concluded(kept, receipt.Accepted, receipt.Code, receipt.Text, now);
        var later = receipt.Pending ? [] : await WordsAsync(told.Settings, kept, kept.Answer, cancellationToken);
        if (missing.Count > 0)
        {
            LogMissing(kept.Neighbour, message.Mrn!, message.Sequence!.Value, Ranges(missing));
            var ask = WcoResponseWriter.Write(wco.Value.Sender, WcoFunction.SendAgain, message.Reference, message.Mrn, now, [], new WcoStatement("RESEND", Ranges(missing)));
            later = [.. later, .. await WordsAsync(told.Settings, kept, ask, cancellationToken)];
        }

        await store.KeepAsync(kept, later, cancellationToken);
        signal.Changed();
        return receipt.Pending || told.Settings.Answers is not null ? Response(WcoFunction.Received, message, now) : kept.Answer;
    }

    /// <summary>What a neighbour says of a message of ours.</summary>
    private async Task<ReadOnlyMemory<byte>> TakeResponseAsync(Told told, string? relatesTo, CancellationToken cancellationToken)
    {
        var (message, now) = (told.Message, told.Kept.ReceivedAt);
        WcoPointer[] place = [new WcoPointer("07B", null, null), new WcoPointer("42A", null, "D026")];
        if (message.Answers is not null && relatesTo is not null && message.Answers != relatesTo)
        {
            return Refusal(message, now, new WcoError(WcoErrorCodes.Invalid, $"RelatesTo names {relatesTo} and the response '{message.Answers}'.", place));
        }

        if ((message.Answers ?? relatesTo) is not { } ours || told.Settings.Sends is not { } destination
            || await lanes.FindMessageAsync(ours, cancellationToken) is not { } story || story.Destination != destination)
        {
            return Refusal(message, now, new WcoError(WcoErrorCodes.Invalid, $"No message of ours for {told.Settings.Country} has the reference '{message.Answers ?? relatesTo}'.", place));
        }

        var movement = Subject.Parse(story.Subject) is { Kind: SubjectKind.Journey } journey ? journey.Id : null;
        var (kept, statement, refusal) = await UnderstandAsync(told, told.Settings.Responses, movement, cancellationToken);
        switch (statement)
        {
            case null:
                return refusal;
            case NeighbourStatement.Answered { Verdict: AnswerVerdict.Accepted or AnswerVerdict.Rejected } answer:
                await lanes.AnswerAsync(
                    new LaterAnswer(destination, ours, new Receipt(answer.Verdict == AnswerVerdict.Accepted ? Verdict.Accepted : Verdict.Rejected, answer.Code, answer.Text), told.MetaData), cancellationToken);
                break;
            case NeighbourStatement.Answered { Verdict: AnswerVerdict.SendAgain } answer:
                await SendAgainAsync(kept.Neighbour, destination, ours, answer, told.MetaData, cancellationToken);
                break;
            case not NeighbourStatement.Answered:
                kept = kept with { Entry = (await RequestAsync(statement, told.Caller, cancellationToken)).Receipt?.Entry };
                break;
        }

        kept = kept with { Lane = null, Number = null, State = KeptMessage.Accepted, Answer = Response(WcoFunction.Received, message, now) };
        await store.KeepAsync(kept, [], cancellationToken);
        signal.Changed();
        return kept.Answer;
    }

    /// <summary>What the mapping document makes of a message; nothing where it makes nothing of it, and then the refusal.</summary>
    private async Task<(KeptMessage Kept, NeighbourStatement? Statement, ReadOnlyMemory<byte> Refusal)> UnderstandAsync(Told told, string document, string? movement, CancellationToken cancellationToken)
    {
        var sender = new NeighbourInfo(told.Kept.Neighbour, told.Settings.Country);
        var at = told.Kept.ReceivedAt;
        var understood = documents.Understand(document, new ReceivedMessage(sender, movement, at, told.Message.MetaData));
        if (understood.Statement is { } statement)
        {
            return (told.Kept with { Source = MappingSource.Write(sender, movement, at, told.MetaData.Span), Document = understood.Document, DocumentVersion = understood.Version }, statement, default);
        }

        var error = new WcoError(WcoErrorCodes.Invalid, Short(understood.Problem!), []);
        await KeepUnreadableAsync(told.Kept.Neighbour, told.Caller, [error], told.MetaData, at, cancellationToken);
        return (told.Kept, null, Refusal(told.Message, at, error));
    }

    private Task<MovementAnswer> RequestAsync(NeighbourStatement statement, Actor caller, CancellationToken cancellationToken) => statement switch
    {
        NeighbourStatement.Departed departed => movements.ConfirmDepartureAsync(departed.Request, caller, cancellationToken),
        NeighbourStatement.Arrived arrived => movements.ConfirmArrivalAsync(arrived.Request, caller, cancellationToken),
        NeighbourStatement.Observed observed => movements.ReportObservationAsync(observed.Request, caller, cancellationToken),
        // A declaration is about no message of ours.
        _ => throw new InvalidOperationException($"A document makes {statement.GetType().Name} of a declaration. Have it write a request."),
    };

    /// <summary>Messages that count as delivered and did not arrive go again, each under its own id and bytes, the lowest number first.</summary>
    private async Task SendAgainAsync(string name, string destination, string beside, NeighbourStatement.Answered told, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var numbers = NumbersOf(told.Numbers);
        // The highest first: each takes the head of the lane, so the lowest goes first in the end.
        foreach (var id in await store.DeliveredBesideAsync(destination, beside, numbers, cancellationToken))
        {
            var effect = await lanes.AnswerAsync(new LaterAnswer(destination, id, new Receipt(Verdict.Rejected, told.Code, $"{name} did not get it."), body), cancellationToken);
            if (effect == AnswerEffect.Parked && await lanes.FindMessageAsync(id, cancellationToken) is { } story)
            {
                await lanes.ReplayAsync(new LaneKey(destination, story.Subject), new Actor(name), "asked for again by the neighbour", cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<LaterWord>> WordsAsync(NeighbourSettings settings, KeptMessage about, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (settings.Answers is null || about.Entry is not { } entry || (await destinations.AllAsync(cancellationToken)).FirstOrDefault(d => d.Name == settings.Answers) is not { } destination)
        {
            return [];
        }

        // A lane of their own: numbers in a movement's lane are given by the processor alone.
        var id = WcoReader.Read(body).Reference ?? throw new InvalidOperationException("A response of ours has no reference.");
        return [new LaterWord(destination, id, $"journey:{about.Lane}#answers", entry, body, about.MessageId)];
    }

    private async Task KeepUnreadableAsync(string name, Actor caller, IReadOnlyList<WcoError> errors, ReadOnlyMemory<byte> metaData, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LogRefused(name, errors.Count, errors[0].Description);
        await journal.KeepUnreadableAsync(new UnreadableBody(caller.Name, "wco-exchange", now, Short(errors[0].Description), metaData), cancellationToken);
    }

    private KeptMessage Concluded(KeptMessage message, bool accepted, string code, string text, DateTimeOffset now) => message with
    {
        State = accepted ? KeptMessage.Accepted : KeptMessage.Rejected,
        Answer = WcoResponseWriter.Write(
            wco.Value.Sender, accepted ? WcoFunction.Accepted : WcoFunction.Rejected, message.Reference, message.Lane, now, accepted ? [] : [ErrorOf(code, text)]),
    };

    private ReadOnlyMemory<byte> AnswerTo(KeptMessage known, WcoMessage message, DateTimeOffset now) =>
        known.State == KeptMessage.Pending ? Response(WcoFunction.Received, message, now) : known.Answer;

    private ReadOnlyMemory<byte> Response(int function, WcoMessage to, DateTimeOffset now) => WcoResponseWriter.Write(wco.Value.Sender, function, to.Reference, to.Mrn, now, []);

    private ReadOnlyMemory<byte> Refusal(WcoMessage message, DateTimeOffset now, WcoError error) =>
        WcoResponseWriter.Write(wco.Value.Sender, WcoFunction.Rejected, message.Reference, message.Mrn, now, [error]);

    /// <summary>Our reference of a message: in WS-Addressing headers it is written as a UUID.</summary>
    private static string OwnId(string relatesTo) =>
        relatesTo.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(relatesTo.AsSpan("urn:uuid:".Length), out var id) ? id.ToString("N") : relatesTo;

    private static WcoPointer Header(string tag) => new("42A", null, tag);

    private static WcoError ErrorOf(string code, string text) => code switch
    {
        "journey.unknown" => new WcoError(WcoErrorCodes.UnknownMrn, Short(text), [Header("D014")]),
        "journey.closed" or "journey.exists" => new WcoError(WcoErrorCodes.OutOfSequence, Short(text), [Header("D014")]),
        _ => new WcoError(WcoErrorCodes.Invalid, Short(text), []),
    };

    private static string Short(string text) => text.Length > 512 ? text[..512] : text;

    /// <summary>3-5 7: what a person and a program both read.</summary>
    internal static string Ranges(IReadOnlyList<long> numbers)
    {
        var ranges = new List<(long From, long To)>();
        foreach (var number in numbers)
        {
            if (ranges is [.., var last] && last.To == number - 1)
            {
                ranges[^1] = (last.From, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(' ', ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}-{r.To}"));
    }

    internal static IReadOnlyCollection<long> NumbersOf(string? ranges)
    {
        var numbers = new SortedSet<long>();
        foreach (Match match in RangePattern().Matches(ranges ?? ""))
        {
            var from = long.Parse(match.Groups["from"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            var to = match.Groups["to"].Success ? long.Parse(match.Groups["to"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : from;
            // Nobody has lost more than a hundred; whoever asks for more is mistaken or hostile.
            for (var number = from; number <= to && numbers.Count < 100; number++)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    [GeneratedRegex(@"(?<from>[0-9]{1,9})(-(?<to>[0-9]{1,9}))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RangePattern();

    [LoggerMessage(7010, LogLevel.Warning, "A message of neighbour {Neighbour} is refused for {Count} errors: {First} Its bytes are kept in unreadable_bodies.")]
    private partial void LogRefused(string neighbour, int count, string first);

    [LoggerMessage(7011, LogLevel.Warning, "Neighbour {Neighbour} sent number {Number} about {Mrn} and not yet {Missing}; it is asked for them where it has a destination for answers.")]
    private partial void LogMissing(string neighbour, string mrn, long number, string missing);

    /// <summary>A message that is being taken.</summary>
    /// <param name="Kept">As it will be kept.</param>
    /// <param name="MetaData">Its bytes.</param>
    private sealed record Told(NeighbourSettings Settings, WcoMessage Message, KeptMessage Kept, Actor Caller, ReadOnlyMemory<byte> MetaData);
}
