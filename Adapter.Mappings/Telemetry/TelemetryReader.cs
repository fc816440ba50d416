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

    /// <summary>Reads one element of a request, or a body that was stored from one: both give the same identity.</summary>
    /// <param name="element">UTF-8 JSON of one object. Must not change while the result's body is in use.</param>
    /// <param name="receivedAt">Takes the place of the report time in the identity where neither lock nor cloud gives one.</param>
    /// <exception cref="FormatException">The tables have no such dialect as the route names.</exception>
    public ReadElement Read(TelemetryRoute route, ReadOnlyMemory<byte> element, DateTimeOffset receivedAt)
    {
        try
        {
            using var document = JsonDocument.Parse(element, Json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new ReadElement.Unreadable($"A record is a JSON object; this is {document.RootElement.ValueKind}. Send one object, or an array of them.", HideSecrets(element), []);
            }

            if (!_tables.Secrets.Holds(document.RootElement))
            {
                return Read(route, document.RootElement, element, [], receivedAt);
            }

            var (body, elided) = _tables.Secrets.Elide(document.RootElement);
            using var clean = JsonDocument.Parse(body, Json);
            return Read(route, clean.RootElement, body, elided, receivedAt);
        }
        catch (JsonException e)
        {
            return new ReadElement.Unreadable(
                $"The record is not JSON nested at most {WireValue.MaxDepth} deep: fault in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", HideSecrets(element), []);
        }
    }

    /// <summary>Text that is not a record, with what follows the names of secrets blanked as well as a search can.</summary>
    public ReadOnlyMemory<byte> HideSecrets(ReadOnlyMemory<byte> text) => _tables.Secrets.Blank(text);

    internal static MapperConfiguration Configuration(ILoggerFactory? loggerFactory) =>
        new(configuration => configuration.AddProfile<JointProfile>(), loggerFactory ?? NullLoggerFactory.Instance);

    private ReadElement Read(TelemetryRoute intake, JsonElement root, ReadOnlyMemory<byte> body, IReadOnlyList<string> elided, DateTimeOffset receivedAt)
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
            return new ReadElement.Unreadable("The record names no lock. Send its number as assetId, or add the name in use to the 'lock' field of the telemetry tables.", body, elided);
        }

        var number = dialect.LockNumber(written, record);
        if (!LockId.TryParse(number, out _))
        {
            return new ReadElement.Unreadable($"The lock number is no lock id: it has {number.Length} characters, where 1 to 64 printable ones are expected.", body, elided);
        }

        foreach (var field in message?.Ignores ?? [])
        {
            record.Ignore(field);
        }

        var wire = new RecordReading(record, dialect, _tables);
        var mapped = route.Route == ReportRoute.Location
            ? _mapper.Map<JointLocationPush, LockReport>(wire.LocationPush(number))
            : _mapper.Map<JointMessageRow, LockReport>(wire.MessageRow(number));
        var report = mapped with
        {
            Route = route.Route,
            Power = wire.Charging is { } charging ? mapped.Power with { Charging = charging } : mapped.Power,
            Events = EventCodes.Of(record, route, message?.CodeFrom ?? WireField.Code, wire.IsPositionOfThisMoment, dialect, _tables),
        };
        return new ReadElement.Read(report, Identity(report, record, route, body.Length, receivedAt), body, elided);
    }

    /// <summary>What the record says of itself wins over where it was sent: a gateway may post everything to one address.</summary>
    private static TelemetryRoute RouteOf(TelemetryRoute intake, Message? message, Dialect dialect)
    {
        var route = message?.Route ?? intake.Route;
        var space = message?.CodeSpace ?? dialect.CodeSpaceOf(route) ?? intake.CodeSpace;
        return route == intake.Route && space == intake.CodeSpace ? intake : intake with { Route = route, CodeSpace = space };
    }

    private static RecordIdentity Identity(LockReport report, WireRecord record, TelemetryRoute route, int length, DateTimeOffset receivedAt)
    {
        var (content, unchanging) = RecordHash.Of(record, route, length);
        var time = report.DeviceTime ?? report.CloudTime ?? receivedAt;
        return new RecordIdentity(time.ToUnixTimeSeconds(), report.Lock, route.Route, content, route.Source, report.SourceMessageId, unchanging);
    }
}
