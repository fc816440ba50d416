using System.Text.Json;
using Adapter.Contracts.Telemetry;
using AutoMapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Adapter.Mappings.Telemetry;

/// <summary>Reads what Joint Cloud pushes into the adapter's own terms. Pure and safe to use from many threads.</summary>
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

    private ReadElement Read(TelemetryRoute route, JsonElement root, ReadOnlyMemory<byte> body, IReadOnlyList<string> elided, DateTimeOffset receivedAt)
    {
        var record = WireRecord.Of(root, _tables.NamesFor(route.Route));
        if (record.Text(WireField.Lock) is not { } number)
        {
            return new ReadElement.Unreadable("The record names no lock. Send its number as assetId, or add the name in use to the 'lock' field of the telemetry tables.", body, elided);
        }

        if (!LockId.TryParse(number, out _))
        {
            return new ReadElement.Unreadable($"The lock number is no lock id: it has {number.Length} characters, where 1 to 64 printable ones are expected.", body, elided);
        }

        var mapped = route.Route == ReportRoute.Location
            ? _mapper.Map<JointLocationPush, LockReport>(LocationPush(record, number))
            : _mapper.Map<JointMessageRow, LockReport>(MessageRow(record, number));
        var report = mapped with { Route = route.Route, Events = EventCodes.Of(record, route, _tables) };
        return new ReadElement.Read(report, Identity(report, record, route, body.Length, receivedAt), body, elided);
    }

    private static RecordIdentity Identity(LockReport report, WireRecord record, TelemetryRoute route, int length, DateTimeOffset receivedAt)
    {
        var (content, unchanging) = RecordHash.Of(record, route, length);
        var time = report.DeviceTime ?? report.CloudTime ?? receivedAt;
        return new RecordIdentity(time.ToUnixTimeSeconds(), report.Lock, route.Route, content, route.Source, report.SourceMessageId, unchanging);
    }

    private static JointLocationPush LocationPush(WireRecord record, string number) => new()
    {
        AssetId = number,
        SubAssetId = record.Text(WireField.SubLock),
        Longitude = record.Number(WireField.Longitude),
        Latitude = record.Number(WireField.Latitude),
        Speed = record.Number(WireField.Speed),
        Direction = record.Number(WireField.Heading),
        Mileage = record.Number(WireField.Mileage),
        GpsTime = record.Text(WireField.DeviceTime),
        RecvTime = record.Text(WireField.CloudTime),
        LocType = record.Number(WireField.LocationType),
        Battery = record.Number(WireField.Battery),
        Status = LockStatus(record),
    };

    private static JointMessageRow MessageRow(WireRecord record, string number) => new()
    {
        RowId = record.Text(WireField.SourceId),
        AssetId = number,
        SubAssetId = record.Text(WireField.SubLock),
        StartTime = record.Text(WireField.DeviceTime),
        EndTime = record.Text(WireField.EndedAt),
        RecvTime = record.Text(WireField.CloudTime),
        Longitude = record.Number(WireField.Longitude),
        Latitude = record.Number(WireField.Latitude),
        LocType = record.Number(WireField.LocationType),
        Speed = record.Number(WireField.Speed),
        Direction = record.Number(WireField.Heading),
        Mileage = record.Number(WireField.Mileage),
        Battery = record.Number(WireField.Battery),
        Status = LockStatus(record),
    };

    private static JointLockStatus LockStatus(WireRecord record) =>
        new(record.Number(WireField.LockStatus), record.Number(WireField.LockRope), record.Number(WireField.BackCover));
}
