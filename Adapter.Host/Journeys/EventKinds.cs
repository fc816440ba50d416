using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>How the neutral vocabulary is written outside and which kinds are alarms.</summary>
internal static class EventKinds
{
    public const string Departure = "DEPARTURE";
    public const string Arrival = "ARRIVAL";

    /// <summary>Came to an office at which its way crosses a border.</summary>
    public const string Border = "BORDER";

    /// <summary>A container goes on with another vehicle.</summary>
    public const string Transhipment = "TRANSHIPMENT";

    /// <summary>The movement goes on with another vehicle.</summary>
    public const string VehicleChange = "VEHICLE_CHANGE";

    /// <summary>Customs examined it; the result of their control.</summary>
    public const string Examination = "EXAMINATION";

    public const string Accident = "ACCIDENT";

    /// <summary>A sealed lock moved that no journey owned; for those who receive alarms of such locks.</summary>
    public const string UnauthorisedTrip = "UNAUTHORISED_TRIP";

    /// <summary>Where a lock is; receivers must ask for it by name.</summary>
    public const string Position = "POSITION";

    /// <summary>For an office on the way, and for nobody else: a movement comes.</summary>
    public const string Expected = "EXPECTED";

    /// <summary>For an office on the way, and for nobody else: it was there.</summary>
    public const string Passed = "PASSED";

    /// <summary>A contradiction that has no kind of its own; receivers must ask for it by name.</summary>
    public const string Finding = "FINDING";

    private static readonly Dictionary<LockEventKind, string> Codes = Enum.GetValues<LockEventKind>()
        .ToDictionary(kind => kind, kind => JsonSerializer.SerializeToElement(kind).GetString()!);

    /// <summary>The code in messages: ROPE_CUT.</summary>
    public static string Code(LockEventKind kind) => Codes[kind];

    /// <summary>The code in decision keys: rope-cut.</summary>
    public static string Slug(LockEventKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>Kinds that somebody must look at (facts: severities critical and warning).</summary>
    public static bool IsAlarm(LockEventKind kind) => kind is
        LockEventKind.UnsealRefused or LockEventKind.IllegalCard or LockEventKind.RopeCut or LockEventKind.CoverOpen or LockEventKind.WrongPassword
        or LockEventKind.LongUnlocked or LockEventKind.MotorStuck or LockEventKind.LowBattery or LockEventKind.RouteDeviation
        or LockEventKind.UnsealOutsideArea or LockEventKind.IllegalArea or LockEventKind.Overspeed or LockEventKind.LongStop
        or LockEventKind.SignalLost or LockEventKind.Overdue or LockEventKind.Jamming;

    /// <summary>Kinds that make episodes and are told. The others are kept in the journal, counted, and change no journey by themselves.</summary>
    public static bool IsTold(LockEventKind kind) => kind is not (LockEventKind.Unknown or LockEventKind.RopePulled or LockEventKind.RopeInserted);
}
