namespace Adapter.Contracts.Telemetry;

/// <summary>The location push of Joint Cloud, with its numbers and polarity as they come.</summary>
/// <remarks>The one push that Jointech documents. Null stands for an absent field and for what the cloud writes in its place: "null", -1000.0, an empty text.</remarks>
public sealed record JointLocationPush
{
    /// <summary>Device number of the lock.</summary>
    public required string AssetId { get; init; }

    public string? SubAssetId { get; init; }

    /// <summary>WGS-84; 0/0 without a fix.</summary>
    public double? Longitude { get; init; }

    public double? Latitude { get; init; }

    /// <summary>km/h.</summary>
    public double? Speed { get; init; }

    /// <summary>0 to 360 degrees.</summary>
    public double? Direction { get; init; }

    /// <summary>km.</summary>
    public double? Mileage { get; init; }

    /// <summary>UTC, with or without Z; 2000-01-01 while the lock's clock is unset.</summary>
    public string? GpsTime { get; init; }

    /// <summary>UTC, when the cloud received the record.</summary>
    public string? RecvTime { get; init; }

    /// <summary>0 not located, 1 satellite, 2 base station; other sources write more.</summary>
    public double? LocType { get; init; }

    /// <summary>Percent; 255 while charging.</summary>
    public double? Battery { get; init; }

    public JointLockStatus Status { get; init; } = JointLockStatus.NotReported;
}

/// <summary>What <c>statusJson</c> and its relatives say, 0 or 1 as they come. -1 means not fitted.</summary>
/// <param name="Polarity">Which of the two means locked, rope in, cover closed: Jointech's layers disagree.</param>
public sealed record JointLockStatus(double? LockStatus, double? LockRope, double? BackCover, LockPolarity Polarity)
{
    /// <summary>Nothing fitted, or nothing said.</summary>
    public static JointLockStatus NotReported { get; } = new(null, null, null, LockPolarity.Cloud);
}

/// <summary>The number that stands for the sealed side of each state.</summary>
/// <param name="Locked">For a locked motor.</param>
/// <param name="RopeInserted">For a rope that is in.</param>
/// <param name="CoverClosed">For a closed back cover.</param>
public sealed record LockPolarity(int Locked, int RopeInserted, int CoverClosed)
{
    /// <summary>Joint Cloud and the SDK: lock and rope turned round, the cover not.</summary>
    public static LockPolarity Cloud { get; } = new(Locked: 0, RopeInserted: 0, CoverClosed: 1);
}
