using System.Text.Json;
using Adapter.Contracts.Telemetry;
using AutoMapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Adapter.Mappings.Telemetry;

/// <summary>Reads what locks report through Joint Cloud, a gateway or Traccar into the adapter's own terms. Pure and safe to use from many threads.</summary>
/// <remarks>Tolerant: only a record that names no lock is unreadable; what is not understood stays in the body and, where it is a code, in an UNKNOWN event.</remarks>
public sealed class TelemetryReader
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = WireValue.MaxDepth };

    private readonly TelemetryTables _tables;
    private readonly IMapper _mapper;

    private TelemetryReader(TelemetryTables tables, IMapper mapper)
    {
        _tables = tables;
        _mapper = mapper;
    }

    /// <param name="loggerFactory">Receives AutoMapper's licence notice; nobody does when it is null.</param>
    public static TelemetryReader Create(TelemetryTables tables, ILoggerFactory? loggerFactory = null)
    {
        var configuration = Configuration(loggerFactory);
        configuration.CompileMappings();
        return new TelemetryReader(tables, configuration.CreateMapper());
    }

    /// <summary>Finds what a record is recognised by, in an element of a request or in a body that was stored from one: both give the same identity.</summary>
    /// <remarks>What the record says is left to <see cref="Report"/>: the sender waits for the one and not for the other.</remarks>
    /// <param name="element">UTF-8 JSON of one object. Must not change while the result's body is in use.</param>
    /// <param name="receivedAt">Takes the place of the report time in the identity where neither lock nor cloud gives one.</param>
    /// <exception cref="FormatException">The tables have no such dialect as the route names.</exception>
    public ReadElement Identify(TelemetryRoute route, ReadOnlyMemory<byte> element, DateTimeOffset receivedAt)
    {
        try
        {
            using var document = JsonDocument.Parse(element, Json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new ReadElement.Unreadable(NoObject(document.RootElement), HideSecrets(element), []);
            }

            if (!_tables.Secrets.Holds(document.RootElement))
            {
                return Recognise(route, document.RootElement, element, [], receivedAt);
            }

            var (body, elided) = _tables.Secrets.Elide(document.RootElement);
            using var clean = JsonDocument.Parse(body, Json);
            return Recognise(route, clean.RootElement, body, elided, receivedAt);
        }
        catch (JsonException e)
        {
            return new ReadElement.Unreadable(NoJson(e), HideSecrets(element), []);
        }
    }

    /// <summary>What a record says, in the adapter's own terms.</summary>
    /// <param name="body">The stored body of a record that <see cref="Identify"/> could read.</param>
    /// <exception cref="FormatException">It is not one, or the tables have no such dialect as the route names.</exception>
    public LockReport Report(TelemetryRoute route, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException(NoObject(document.RootElement));
            }

            return Find(route, document.RootElement, out var problem) is { } found ? Told(found) : throw new FormatException(problem);
        }
        catch (JsonException e)
        {
            throw new FormatException(NoJson(e), e);
        }
    }

    /// <summary>Text that is not a record, with what follows the names of secrets blanked as well as a search can.</summary>
    public ReadOnlyMemory<byte> HideSecrets(ReadOnlyMemory<byte> text) => _tables.Secrets.Blank(text);

    internal static MapperConfiguration Configuration(ILoggerFactory? loggerFactory) =>
        new(configuration => configuration.AddProfile<JointProfile>(), loggerFactory ?? NullLoggerFactory.Instance);

    private static string NoObject(JsonElement element) =>
        $"A record is a JSON object; this is {element.ValueKind}. Send one object, or an array of them.";

    private static string NoJson(JsonException e) =>
        $"The record is not JSON nested at most {WireValue.MaxDepth} deep: fault in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";

    private ReadElement Recognise(TelemetryRoute route, JsonElement root, ReadOnlyMemory<byte> body, IReadOnlyList<string> elided, DateTimeOffset receivedAt) =>
        Find(route, root, out var problem) is { } found
            ? new ReadElement.Read(Identity(found, body.Length, receivedAt), body, elided)
            : new ReadElement.Unreadable(problem!, body, elided);

    /// <returns>Null where the record names no lock; then <paramref name="problem"/> says what to mend.</returns>
    private FoundRecord? Find(TelemetryRoute intake, JsonElement root, out string? problem)
    {
        var dialect = _tables.DialectOf(intake.Dialect);
        var record = WireRecord.Of(root, dialect.NamesFor(intake.Route));
        var message = dialect.MessageIn(record);
        var route = RouteOf(intake, message, dialect);
        if (route.Route != intake.Route)
        {
            record = WireRecord.Of(root, dialect.NamesFor(route.Route));
        }

        if (record.Text(WireField.Lock) is not { } written)
        {
            problem = "The record names no lock. Send its number as assetId, or add the name in use to the 'lock' field of the telemetry tables.";
            return null;
        }

        var number = dialect.LockNumber(written, record);
        if (!LockId.TryParse(number, out var @lock))
        {
            problem = $"The lock number is no lock id: it has {number.Length} characters, where 1 to 64 printable ones are expected.";
            return null;
        }

        foreach (var field in message?.Ignores ?? [])
        {
            record.Ignore(field);
        }

        problem = null;
        return new FoundRecord(record, dialect, route, message?.CodeFrom ?? WireField.Code, @lock, number);
    }

    /// <summary>What the record says of itself wins over where it was sent: a gateway may post everything to one address.</summary>
    private static TelemetryRoute RouteOf(TelemetryRoute intake, Message? message, Dialect dialect)
    {
        var route = message?.Route ?? intake.Route;
        var space = message?.CodeSpace ?? dialect.CodeSpaceOf(route) ?? intake.CodeSpace;
        return route == intake.Route && space == intake.CodeSpace ? intake : intake with { Route = route, CodeSpace = space };
    }

    private static RecordIdentity Identity(FoundRecord found, int length, DateTimeOffset receivedAt)
    {
        var (record, route) = (found.Record, found.Route);
        var (content, unchanging) = RecordHash.Of(record, route, length);
        var time = WireTime.Parse(RecordReading.TimeOf(record)) ?? WireTime.Parse(record.Text(WireField.CloudTime)) ?? receivedAt;
        var sourceId = route.Route == ReportRoute.Location ? null : JointReading.SourceId(record.Text(WireField.SourceId));
        return new RecordIdentity(time.ToUnixTimeSeconds(), found.Lock, route.Route, content, route.Source, sourceId, unchanging);
    }

    private LockReport Told(FoundRecord found)
    {
        var wire = new RecordReading(found.Record, found.Dialect, _tables);
        var mapped = found.Route.Route == ReportRoute.Location
            ? _mapper.Map<JointLocationPush, LockReport>(wire.LocationPush(found.Number))
            : _mapper.Map<JointMessageRow, LockReport>(wire.MessageRow(found.Number));
        return mapped with
        {
            Route = found.Route.Route,
            Power = wire.Charging is { } charging ? mapped.Power with { Charging = charging } : mapped.Power,
            Events = EventCodes.Of(found.Record, found.Route, found.CodeFrom, wire.IsPositionOfThisMoment, found.Dialect, _tables),
        };
    }

    /// <param name="Route">Where the record belongs, by what it says of itself.</param>
    /// <param name="CodeFrom">The field that holds the route's own code.</param>
    /// <param name="Number">The lock number as the dialect writes it.</param>
    private sealed record FoundRecord(WireRecord Record, Dialect Dialect, TelemetryRoute Route, WireField CodeFrom, LockId Lock, string Number);
}
