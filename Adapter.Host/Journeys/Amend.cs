using System.Globalization;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Journeys;

/// <summary>A registration after an amendment.</summary>
/// <param name="Changes">One plain sentence per change, with the old and the new value.</param>
/// <param name="Problems">Why the amendment does not fit the journey, all at once; empty when it does.</param>
internal sealed record AmendedJourney(
    JourneyRegistration Registration, IReadOnlyDictionary<string, Vehicle> CarriedBy, DateTimeOffset? SuspendedAt, IReadOnlyList<string> Changes, IReadOnlyList<string> Problems)
{
    public IReadOnlyList<VehicleChange> Vehicles { get; init; } = [];
}

/// <summary>Applies an amendment to what is registered. Pure; the locks themselves are bound and freed by <see cref="Correlate"/>.</summary>
internal static class Amend
{
    public static IEnumerable<LockId> NewLocks(AmendMovementRequest asked) =>
        (asked.AddLocks ?? []).Select(l => LockId.Parse(l.Number)).Concat((asked.ReplaceLocks ?? []).Select(r => LockId.Parse(r.New)));

    public static AmendedJourney Apply(RegisteredJourney journey, AmendMovementRequest asked, DateTimeOffset at)
    {
        var step = new Step(journey, asked, at);
        step.Plain();
        step.Containers();
        step.Locks();
        step.Whole();
        return step.Result();
    }

    private sealed class Step(RegisteredJourney journey, AmendMovementRequest asked, DateTimeOffset at)
    {
        private readonly List<string> _changes = [];
        private readonly List<string> _problems = [];
        private readonly List<VehicleChange> _vehicles = [];
        private readonly Dictionary<string, Vehicle> _carriedBy = new(journey.CarriedBy, StringComparer.Ordinal);
        private JourneyRegistration _now = journey.Registration;
        private DateTimeOffset? _suspendedAt = journey.SuspendedAt;

        public void Plain()
        {
            var old = _now;
            Replace("Regime", asked.Regime is { } regime && regime != old.Regime, old.Regime, asked.Regime, r => r with { Regime = asked.Regime!.Value });
            Replace("MRN", asked.Mrn is { } mrn && mrn != old.Mrn, old.Mrn, asked.Mrn, r => r with { Mrn = asked.Mrn });
            Replace("Manifest", asked.ManifestNumber is { } manifest && manifest != old.ManifestNumber, old.ManifestNumber, asked.ManifestNumber, r => r with { ManifestNumber = asked.ManifestNumber });
            Replace("Driver", asked.DriverReference is { } driver && driver != old.DriverReference, old.DriverReference, asked.DriverReference, r => r with { DriverReference = asked.DriverReference });
            Replace("Vehicle", asked.Vehicle is { } vehicle && vehicle.Plate != old.Vehicle?.Plate, old.Vehicle?.Plate, asked.Vehicle?.Plate, r => r with { Vehicle = WireJourney.Of(asked.Vehicle) });
            if (asked.Vehicle is not null && _now.Vehicle != old.Vehicle)
            {
                _vehicles.Add(new VehicleChange(Container: null, _now.Vehicle!));
            }

            Replace(
                "Destination", asked.Destination is { } office && WireJourney.Of(office) != old.Destination, old.Destination.Code, asked.Destination?.Code,
                r => r with { Destination = WireJourney.Of(asked.Destination)! });
            Replace("Time limit", asked.TimeLimit is { } limit && limit != old.TimeLimit, Text(old.TimeLimit), Text(asked.TimeLimit), r => r with { TimeLimit = asked.TimeLimit });
            if (asked.Route is { } route)
            {
                _now = _now with { Route = WireRoute.Of(route) };
                _changes.Add("The planned route was replaced.");
            }
        }

        public void Containers()
        {
            foreach (var number in asked.RemoveContainers ?? [])
            {
                if (Require(_now.Containers.Any(c => c.Number == number), $"container {number} is not among those of this journey"))
                {
                    _now = _now with { Containers = [.. _now.Containers.Where(c => c.Number != number)] };
                    _carriedBy.Remove(number);
                    _changes.Add($"Container {number} was removed.");
                }
            }

            foreach (var added in asked.AddContainers ?? [])
            {
                if (Require(_now.Containers.All(c => c.Number != added.Number), $"container {added.Number} is among those of this journey already"))
                {
                    _now = _now with { Containers = [.. _now.Containers, WireJourney.Of(added)] };
                    _changes.Add($"Container {added.Number} was added.");
                }
            }

            foreach (var transfer in asked.Transfers ?? [])
            {
                if (Require(_now.Containers.Any(c => c.Number == transfer.Container), $"container {transfer.Container}, which is to change vehicles, is not among those of this journey"))
                {
                    var (before, after) = (_carriedBy.GetValueOrDefault(transfer.Container, _now.Vehicle!), WireJourney.Of(transfer.Vehicle)!);
                    if (after != before)
                    {
                        _carriedBy[transfer.Container] = after;
                        _vehicles.Add(new VehicleChange(transfer.Container, after));
                        _changes.Add($"Container {transfer.Container} goes on with {after.Plate} instead of {before?.Plate ?? "an unnamed vehicle"}.");
                    }
                }
            }
        }

        public void Locks()
        {
            foreach (var replaced in asked.ReplaceLocks ?? [])
            {
                var old = _now.Locks.FirstOrDefault(l => l.Lock.Value == replaced.Old);
                if (Require(old is not null, $"lock {replaced.Old} is not among those of this journey")
                    && Require(_now.Locks.All(l => l.Lock.Value != replaced.New), $"lock {replaced.New} is among those of this journey already"))
                {
                    _now = _now with { Locks = [.. _now.Locks.Select(l => l == old ? l with { Lock = LockId.Parse(replaced.New), From = null } : l)] };
                    _changes.Add($"Lock {replaced.New} took the place of {replaced.Old}.");
                }
            }

            foreach (var number in asked.RemoveLocks ?? [])
            {
                if (Require(_now.Locks.Any(l => l.Lock.Value == number), $"lock {number} is not among those of this journey"))
                {
                    _now = _now with { Locks = [.. _now.Locks.Where(l => l.Lock.Value != number)] };
                    _changes.Add($"Lock {number} was removed.");
                }
            }

            foreach (var added in asked.AddLocks ?? [])
            {
                if (Require(_now.Locks.All(l => l.Lock.Value != added.Number), $"lock {added.Number} is among those of this journey already"))
                {
                    _now = _now with { Locks = [.. _now.Locks, WireJourney.Of(added)] };
                    _changes.Add($"Lock {added.Number} was added.");
                }
            }
        }

        public void Whole()
        {
            switch (asked.Change)
            {
                case MovementChange.Suspend when Require(_suspendedAt is null, "the journey is suspended already"):
                    _suspendedAt = at;
                    _changes.Add("The journey was suspended.");
                    break;
                case MovementChange.Resume when Require(_suspendedAt is not null, "the journey is not suspended"):
                    _suspendedAt = null;
                    _changes.Add("The journey goes on.");
                    break;
                case MovementChange.Cancel:
                    _changes.Add("The journey was cancelled.");
                    break;
            }
        }

        public AmendedJourney Result()
        {
            // The rules of a registration hold for what an amendment makes of it. A plan that stays is not judged again: a diversion may leave offices of it behind.
            var errors = JourneyRegistrationRules.Check(_now).Concat(asked.Route is null ? [] : RouteMap.Check(_now).Select(e => KeyValuePair.Create(WireRoute.FieldOf(e.Key), e.Value))).SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"));
            return new AmendedJourney(_now, _carriedBy, _suspendedAt, _changes, [.. _problems, .. errors]) { Vehicles = _vehicles };
        }

        private void Replace(string what, bool changes, object? old, object? @new, Func<JourneyRegistration, JourneyRegistration> apply)
        {
            if (changes)
            {
                _now = apply(_now);
                _changes.Add($"{what} is {@new} instead of {old ?? "none"}.");
            }
        }

        private bool Require(bool holds, string problem)
        {
            if (!holds)
            {
                _problems.Add(problem);
            }

            return holds;
        }

        private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }
}
