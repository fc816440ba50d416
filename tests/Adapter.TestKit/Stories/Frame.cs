namespace Adapter.TestKit.Stories;

/// <summary>One report of the lock with what it truly says, before dirt.</summary>
internal sealed record Frame
{
    public required FrameRoute Route { get; init; }

    /// <summary>The lock's own time.</summary>
    public required DateTimeOffset At { get; init; }

    public required Place Place { get; init; }

    public FixQuality Fix { get; init; } = FixQuality.Satellite;

    /// <summary>The lock's clock is at the first of January 2000: only the time of receipt tells when this was.</summary>
    public bool ClockUnset { get; init; }

    public bool Locked { get; init; }

    public bool RopeIn { get; init; }

    /// <summary>Null where no sensor is fitted.</summary>
    public bool? CoverClosed { get; init; }

    /// <summary>Kinds whose flag stands on a position.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>What a row tells of; null for positions.</summary>
    public string? Kind { get; init; }

    /// <summary>The row's own id; null where the source gives none.</summary>
    public string? RowId { get; init; }

    /// <summary>The end that a source fills in later.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the cloud pushes it.</summary>
    public DateTimeOffset SentAt { get; init; }

    /// <summary>A repeat, which must change nothing.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The moment that a reader can know: the lock's time, or that of the push where the lock has none.</summary>
    public DateTimeOffset KnownAt => ClockUnset ? SentAt : At;

    public bool Tells(string kind) => kind switch
    {
        _ when Kind == kind || Flags.Contains(kind) => true,
        _ when Route != FrameRoute.Location => false,
        Kinds.Seal => Locked && RopeIn,
        Kinds.Unseal => !Locked,
        Kinds.RopeCut => Locked && !RopeIn,
        Kinds.CoverOpen => CoverClosed == false,
        _ => false,
    };
}

internal enum FrameRoute
{
    Location,
    Alarm,
    Event,
    Command,
}

internal enum FixQuality
{
    Satellite,

    /// <summary>Kilometres off.</summary>
    BaseStation,

    /// <summary>0/0.</summary>
    None,
}
