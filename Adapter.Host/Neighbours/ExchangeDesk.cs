using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Schema;
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
/// What a message says becomes a request to <see cref="MovementDesk"/>, as every other customs system makes it.
/// </remarks>
internal sealed partial class ExchangeDesk(
    INeighbourStore store, MovementDesk movements, IJourneyReader journeys, IJournal journal, IDestinationStore destinations, ILaneStore lanes, LaneSignal signal,
    IOptions<NeighbourOptions> neighbours, IOptions<WcoOptions> wco, TimeProvider time, ILogger<ExchangeDesk> logger)
{
    /// <summary>ISO 3166 keeps it for a country that is not told.</summary>
    private const string Unspecified = "ZZ";

    private readonly Dictionary<string, XmlSchemaSet> _schemas = neighbours.Value.Where(n => n.Value.Schemas.Count > 0)
        .ToDictionary(n => n.Key, n => SchemaFolder.Load(n.Value.Schemas), StringComparer.Ordinal);

    /// <param name="metaData">The message: the element MetaData as it came.</param>
    /// <param name="relatesTo">What the envelope says that a response is about, as <c>wsa:RelatesTo</c>; null where it says nothing.</param>
    /// <returns>The response, or null where the caller speaks for no neighbour.</returns>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds.</exception>
    public async Task<ReadOnlyMemory<byte>?> SubmitAsync(Actor caller, ReadOnlyMemory<byte> metaData, string? relatesTo, CancellationToken cancellationToken)
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
            LogRefused(name, reading.Errors.Count, reading.Errors[0].Description);
            await journal.KeepUnreadableAsync(new UnreadableBody(caller.Name, "wco-exchange", now, Short(reading.Errors[0].Description), metaData), cancellationToken);
            return WcoResponseWriter.Write(wco.Value.Sender, WcoFunction.Rejected, reading.Reference, reading.Mrn, now, reading.Errors);
        }

        var sha = Convert.ToHexStringLower(SHA256.HashData(metaData.Span));
        if (await store.FindAsync(name, message.Reference, cancellationToken) is { } known)
        {
            return known.Sha256 == sha ? AnswerTo(known, message, now) : Refusal(message, now, new WcoError(WcoErrorCodes.IdReused, $"{message.Reference} was used before for another message.", [Header("D026")]));
        }

        return message switch
        {
            WcoDeclaration declaration => await TakeAsync(name, settings, declaration, sha, caller, now, cancellationToken),
            WcoResponse response => await TakeAsync(name, settings, response, relatesTo is null ? null : OwnId(relatesTo), sha, metaData, caller, now, cancellationToken),
            _ => throw new InvalidOperationException($"No rule for {message.GetType().Name}."),
        };
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

    private async Task<ReadOnlyMemory<byte>> TakeAsync(
        string name, NeighbourSettings settings, WcoDeclaration told, string sha, Actor caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var missing = told is { Mrn: { } lane, Sequence: { } number } && told.Statements.All(s => s.Code != "OUT_OF_SEQUENCE")
            ? await store.MissingAsync(name, lane, number, cancellationToken)
            : [];
        var movement = told.Mrn is { } mrn ? (await journeys.ListAsync(mrn, null, 1, cancellationToken)) is [var line, ..] ? line.Id : null : null;
        if (movement is null && told.Mrn is not null && settings.Registers && NeighbourStatement.Announces(told))
        {
            var registration = NeighbourStatement.Registration(told, settings.Country);
            var registered = await movements.RegisterMovementAsync(registration, caller, cancellationToken);
            if (registered.Receipt is not { Accepted: true })
            {
                return Refusal(told, now, ErrorOf(registered.Receipt?.Code ?? registered.Fault!.Code, registered.Receipt?.Text ?? registered.Fault!.Text));
            }

            movement = registration.MovementId;
        }

        if (movement is null)
        {
            // Not kept: once the movement is known, the same message may come again and be taken.
            return Refusal(told, now, told.Mrn is null
                ? new WcoError(WcoErrorCodes.Missing, "Declaration/ID is missing: without its MRN nobody knows which movement is meant.", [Header("D014")])
                : new WcoError(WcoErrorCodes.UnknownMrn, $"No movement has the MRN {told.Mrn}.", [Header("D014")]));
        }

        var answer = NeighbourStatement.Of(told, name, movement, now) switch
        {
            NeighbourStatement.Departed departed => await movements.ConfirmDepartureAsync(departed.Request, caller, cancellationToken),
            NeighbourStatement.Arrived arrived => await movements.ConfirmArrivalAsync(arrived.Request, caller, cancellationToken),
            NeighbourStatement.Observed observed => await movements.ReportObservationAsync(observed.Request, caller, cancellationToken),
            var other => throw new InvalidOperationException($"No rule for {other.GetType().Name}."),
        };
        if (answer.Receipt is not { } receipt)
        {
            return Refusal(told, now, ErrorOf(answer.Fault!.Code, answer.Fault.Text));
        }

        var kept = new KeptMessage(name, told.Reference, told.Mrn, told.Sequence, now, sha, receipt.Entry, KeptMessage.Pending, default);
        kept = receipt.Pending ? kept : Concluded(kept, receipt.Accepted, receipt.Code, receipt.Text, now);
        var later = receipt.Pending ? [] : await WordsAsync(settings, kept, kept.Answer, cancellationToken);
        if (missing.Count > 0)
        {
            LogMissing(name, told.Mrn!, told.Sequence!.Value, Ranges(missing));
            var ask = WcoResponseWriter.Write(wco.Value.Sender, WcoFunction.SendAgain, told.Reference, told.Mrn, now, [], new WcoStatement("RESEND", Ranges(missing)));
            later = [.. later, .. await WordsAsync(settings, kept, ask, cancellationToken)];
        }

        await store.KeepAsync(kept, later, cancellationToken);
        signal.Changed();
        return receipt.Pending || settings.Answers is not null ? Response(WcoFunction.Received, told, now) : kept.Answer;
    }

    /// <summary>What a neighbour says of a message of ours.</summary>
    private async Task<ReadOnlyMemory<byte>> TakeAsync(
        string name, NeighbourSettings settings, WcoResponse told, string? relatesTo, string sha, ReadOnlyMemory<byte> body, Actor caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (told.Answers is not null && relatesTo is not null && told.Answers != relatesTo)
        {
            return Refusal(told, now, new WcoError(WcoErrorCodes.Invalid, $"RelatesTo names {relatesTo} and the response '{told.Answers}'.", [new WcoPointer("07B", null, null), new WcoPointer("42A", null, "D026")]));
        }

        if ((told.Answers ?? relatesTo) is not { } ours || settings.Sends is not { } destination
            || await lanes.FindMessageAsync(ours, cancellationToken) is not { } story || story.Destination != destination)
        {
            return Refusal(told, now, new WcoError(WcoErrorCodes.Invalid, $"No message of ours for {settings.Country} has the reference '{told.Answers ?? relatesTo}'.", [new WcoPointer("07B", null, null), new WcoPointer("42A", null, "D026")]));
        }

        long? entry = null;
        switch (told.FunctionCode)
        {
            case WcoFunction.Accepted or WcoFunction.Rejected:
                var text = told.Errors is [var first, ..] ? $"{first.Code} {first.Description}".Trim() : null;
                await lanes.AnswerAsync(
                    new LaterAnswer(destination, ours, new Receipt(told.FunctionCode == WcoFunction.Accepted ? Verdict.Accepted : Verdict.Rejected, told.FunctionCode.ToString("00", System.Globalization.CultureInfo.InvariantCulture), text), body),
                    cancellationToken);
                break;
            case WcoFunction.SendAgain:
                await SendAgainAsync(name, destination, ours, told, body, cancellationToken);
                break;
            default:
                if (Subject.Parse(story.Subject) is { Kind: SubjectKind.Journey } movement && NeighbourStatement.ControlResult(told, name, movement.Id, now) is { } result)
                {
                    entry = (await movements.ReportObservationAsync(result, caller, cancellationToken)).Receipt?.Entry;
                }

                break;
        }

        var kept = new KeptMessage(name, told.Reference, null, null, now, sha, entry, KeptMessage.Accepted, Response(WcoFunction.Received, told, now));
        await store.KeepAsync(kept, [], cancellationToken);
        signal.Changed();
        return kept.Answer;
    }

    /// <summary>Messages that count as delivered and did not arrive go again, each under its own id and bytes, the lowest number first.</summary>
    private async Task SendAgainAsync(string name, string destination, string beside, WcoResponse told, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var numbers = NumbersOf(told.Statements.FirstOrDefault(s => s.Code == "RESEND")?.Text);
        // The highest first: each takes the head of the lane, so the lowest goes first in the end.
        foreach (var id in await store.DeliveredBesideAsync(destination, beside, numbers, cancellationToken))
        {
            var effect = await lanes.AnswerAsync(new LaterAnswer(destination, id, new Receipt(Verdict.Rejected, "35", $"{name} did not get it."), body), cancellationToken);
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
        return [new LaterWord(destination, id, $"journey:{about.Lane}#answers", entry, body)];
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
}
