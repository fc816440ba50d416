using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>The wire contracts filled from one record, with the units and signs of its dialect taken out.</summary>
internal readonly struct RecordReading
{
    /// <summary>What an attached position says of its own moment.</summary>
    private static readonly WireField[] OfPosition =
    [
        WireField.Longitude, WireField.Latitude, WireField.PositionValid, WireField.Speed, WireField.Heading, WireField.Mileage,
        WireField.Battery, WireField.Charging, WireField.LockStatus,
    ];

    private readonly WireRecord _record;
    private readonly Dialect _dialect;
    private readonly TelemetryTables _tables;
    private readonly (StatusWord Bits, string Space)? _word;

    public RecordReading(WireRecord record, Dialect dialect, TelemetryTables tables)
    {
        (_record, _dialect, _tables) = (record, dialect, tables);
        IsPositionOfThisMoment = IsOneMoment(record);
        if (IsPositionOfThisMoment)
        {
            _word = StatusWord.In(record, dialect);
            return;
        }

        foreach (var field in OfPosition)
        {
            record.Ignore(field);
        }
    }

    /// <summary>Whether the position attached to an event was reported with it. Traccar also attaches the newest one it has.</summary>
    public bool IsPositionOfThisMoment { get; }

    /// <summary>Null where it is not said; a battery of 255 says it too.</summary>
    public bool? Charging => _record.Text(WireField.Charging) switch { "true" => true, "false" => false, _ => null };

    /// <summary>The moment of the report, not of the fix: a lock without reception reports an alarm now and repeats a place of hours ago.</summary>
    public static string? TimeOf(WireRecord record) =>
        record.Text(WireField.DeviceTime) ?? record.Text(WireField.PositionTime) ?? record.Text(WireField.FixTime);

    public JointLocationPush LocationPush(string number) => new()
    {
        AssetId = number,
        SubAssetId = _record.Text(WireField.SubLock),
        Longitude = Longitude,
        Latitude = Latitude,
        Speed = Speed,
        Direction = Direction,
        Mileage = Mileage,
        GpsTime = Time,
        RecvTime = _record.Text(WireField.CloudTime),
        LocType = LocationType,
        Battery = _record.Number(WireField.Battery),
        Status = LockStatus,
    };

    public JointMessageRow MessageRow(string number) => new()
    {
        RowId = _record.Text(WireField.SourceId),
        AssetId = number,
        SubAssetId = _record.Text(WireField.SubLock),
        StartTime = Time,
        EndTime = _record.Text(WireField.EndedAt),
        RecvTime = _record.Text(WireField.CloudTime),
        Longitude = Longitude,
        Latitude = Latitude,
        LocType = LocationType,
        Speed = Speed,
        Direction = Direction,
        Mileage = Mileage,
        Battery = _record.Number(WireField.Battery),
        Status = LockStatus,
    };

    private string? Time => TimeOf(_record);

    private double? Latitude => Signed(_record.Number(WireField.Latitude), WireField.LatitudeState);

    private double? Longitude => Signed(_record.Number(WireField.Longitude), WireField.LongitudeState);

    private double? Speed => _dialect.Kmh(_record.Number(WireField.Speed));

    private double? Direction => _dialect.Degrees(_record.Number(WireField.Heading));

    private double? Mileage => _dialect.Km(_record.Number(WireField.Mileage));

    private double? LocationType
    {
        get
        {
            if (_record.Has(WireField.LocationType))
            {
                return _record.Number(WireField.LocationType);
            }

            if (_record.Text(WireField.PositionOutdated) == "true" || IsFixOlder(_record))
            {
                return 0;
            }

            if (_word is { } word && word.Bits.Says(StateSign.BaseStation, word.Space, _tables) == true)
            {
                return 2;
            }

            return _record.Text(WireField.PositionValid) switch { "true" => 1, "false" => 0, _ => null };
        }
    }

    private JointLockStatus LockStatus => new(
        State(WireField.LockStatus, StateSign.Locked, _dialect.Polarity.Locked),
        State(WireField.LockRope, StateSign.RopeInserted, _dialect.Polarity.RopeInserted),
        State(WireField.BackCover, StateSign.CoverClosed, _dialect.Polarity.CoverClosed),
        _dialect.Polarity);

    /// <summary>The lock's own status word first: what a gateway makes of it is a copy.</summary>
    private double? State(WireField field, StateSign sign, int whenTrue)
    {
        if (_word is { } word && word.Bits.Says(sign, word.Space, _tables) is { } raised)
        {
            return raised ? whenTrue : 1 - whenTrue;
        }

        // Where 0 means locked, what a written "true" means is anybody's guess.
        return whenTrue == 1 && _record.Has(field) && _record.Text(field) is ("true" or "false") and var truth
            ? truth == "true" ? 1 : 0
            : _record.Number(field);
    }

    private double? Signed(double? degrees, WireField state) => degrees > 0 && _record.Has(state) && _record.Number(state) == 0 ? -degrees : degrees;

    private static bool IsOneMoment(WireRecord record) =>
        !record.Has(WireField.DeviceTime) || !record.Has(WireField.PositionTime)
        || WireTime.Parse(record.Text(WireField.DeviceTime)) is not { } told
        || WireTime.Parse(record.Text(WireField.PositionTime)) is not { } placed
        || told == placed;

    private static bool IsFixOlder(WireRecord record) =>
        record.Has(WireField.FixTime) && record.Has(WireField.PositionTime)
        && WireTime.Parse(record.Text(WireField.FixTime)) < WireTime.Parse(record.Text(WireField.PositionTime));
}
