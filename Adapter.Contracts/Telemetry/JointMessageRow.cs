namespace Adapter.Contracts.Telemetry;

/// <summary>An alarm, event, status or command record in the shape of Joint Cloud's OpenAPI rows.</summary>
/// <remarks>
/// The pushes of these four kinds are not documented. The row is what the report API returns; which property names fill it
/// is data (Adapter.Mappings/Telemetry/fields.json). An alarm is an interval: the end comes later, under the same id.
/// </remarks>
public sealed record JointMessageRow
{
    /// <summary>FGUID: the source's own id of the row.</summary>
    public string? RowId { get; init; }

    public required string AssetId { get; init; }

    public string? SubAssetId { get; init; }

    public string? StartTime { get; init; }

    public string? EndTime { get; init; }

    public string? RecvTime { get; init; }

    /// <summary>Where it started.</summary>
    public double? Longitude { get; init; }

    public double? Latitude { get; init; }

    public double? LocType { get; init; }

    public double? Speed { get; init; }

    public double? Direction { get; init; }

    public double? Mileage { get; init; }

    public double? Battery { get; init; }

    public JointLockStatus Status { get; init; } = JointLockStatus.NotReported;
}
