using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The vehicle of declaration, manifest and observation is the same.</summary>
internal sealed class VehiclePlate : ICheck
{
    public string Code => "vehicle.plate-differs";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered)
        {
            yield break;
        }

        if (registered.ValidAt(registered.RegisteredAt).Vehicle is { } vehicle && journey.Manifest is { VehiclePlate: { } ofManifest } manifest && !Same(vehicle.Plate, ofManifest))
        {
            yield return new Contradiction("manifest", $"The transportation system registered vehicle {vehicle.Plate}, manifest {manifest.Number} names {ofManifest}.");
        }

        foreach (var (declared, seen) in Cargo.Observed(journey))
        {
            if (seen.VehiclePlate is { } plate && declared.Vehicle is { } registeredVehicle
                && !registered.CarriedBy.Values.Select(v => v.Plate).Append(registeredVehicle.Plate).Any(known => Same(known, plate)))
            {
                yield return new Contradiction(Words.Key(seen), $"The transportation system registered vehicle {registeredVehicle.Plate}, but {Words.Who(seen)} saw {plate}.");
            }
        }
    }

    private static bool Same(string one, string other) => Words.Plain(one) == Words.Plain(other);
}
