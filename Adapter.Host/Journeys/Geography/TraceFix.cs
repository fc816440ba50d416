using System.Runtime.InteropServices;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Geography;

/// <summary>One satellite fix of a lock, kept small: whole seconds, a metre of resolution.</summary>
/// <param name="Second">Effective time in Unix seconds.</param>
/// <param name="Latitude5">Latitude in hundred-thousandths of a degree.</param>
/// <param name="OffRoute">Metres outside the corridor and its tolerance, 0 on it, -1 where no corridor was planned.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TraceFix(long Second, int Latitude5, int Longitude5, int OffRoute)
{
    public const int NotJudged = -1;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(Second);

    public GeoPoint Where => new(Latitude5 / 1e5, Longitude5 / 1e5);

    public static TraceFix Of(DateTimeOffset at, GeoPoint where, Zone? corridor) => new(
        at.ToUnixTimeSeconds(), (int)Math.Round(where.Latitude * 1e5), (int)Math.Round(where.Longitude * 1e5),
        corridor is null ? NotJudged : (int)Math.Ceiling(Math.Clamp(corridor.MetresOutside(where), 0, 20_000_000)));

    public double MetresTo(TraceFix other)
    {
        var (east, north) = LocalPlane.Around(Where, other.Latitude5 / 1e5, other.Longitude5 / 1e5);
        // A plane will do for neighbours; far away it would be wrong.
        return Math.Abs(east) + Math.Abs(north) < 50_000 ? Math.Sqrt((east * east) + (north * north)) : Where.MetresTo(other.Where);
    }
}
