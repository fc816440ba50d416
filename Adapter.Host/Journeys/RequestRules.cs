using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Journeys;

/// <summary>What a request of customs must satisfy before it is journalled; all errors at once, each with the field and the remedy.</summary>
internal sealed class RequestRules(DateTimeOffset now)
{
    private const string OutOfRange = "Latitude lies between -90 and 90 and longitude between -180 and 180, and 0/0 is not a place of customs.";

    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostBack = TimeSpan.FromDays(400);

    private readonly List<FieldError> _errors = [];

    public static IReadOnlyList<FieldError> Check(RegisterManifestRequest told, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("manifestNumber", told.ManifestNumber, 35, required: true);
        rules.Text("mrn", told.Mrn, 70);
        rules.Vehicle("vehicle", told.Vehicle);
        rules.Text("departureOffice", told.DepartureOffice, 17);
        rules.Text("destinationOffice", told.DestinationOffice, 17);
        rules.Declared("containers", told.Containers, 1000);
        rules.Amounts("", told.PackageCount, told.GrossMassKg);
        return rules._errors;
    }

    /// <summary>All that is wrong with a movement: its form, then, where that is sound, what a registration must satisfy.</summary>
    public static IReadOnlyList<FieldError> CheckMovement(RegisterMovementRequest told, DateTimeOffset now)
    {
        if (Check(told, now) is { Count: > 0 } errors)
        {
            return errors;
        }

        var registration = WireJourney.Of(told);
        return
        [
            .. from error in JourneyRegistrationRules.Check(registration, now).Concat(RouteMap.Check(registration))
               from message in error.Value
               select new FieldError { Path = error.Key == "journeyId" ? "movementId" : WireRoute.FieldOf(error.Key), Message = message },
        ];
    }

    /// <summary>What the rules of a registration cannot see, because it has no form there; those are <see cref="JourneyRegistrationRules"/>.</summary>
    private static List<FieldError> Check(RegisterMovementRequest told, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", told.MovementId, 35, required: true);
        rules.Known("regime", told.Regime);
        rules.Declared("containers", told.Containers, 100);
        rules.Locks("locks", told.Locks);
        rules.Office("departure", told.Departure, required: true);
        rules.Each("transit", told.Transit, 50, (field, office) => rules.Office(field, office, required: true));
        rules.Office("destination", told.Destination, required: true);
        rules.Route(told.Route);

        return rules._errors;
    }

    public static IReadOnlyList<FieldError> Check(AmendMovementRequest asked, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", asked.MovementId, 35, required: true);
        rules.Text("reason", asked.Reason, 500, required: true);
        rules.Text("mrn", asked.Mrn, 70);
        rules.Text("manifestNumber", asked.ManifestNumber, 35);
        rules.Text("driverReference", asked.DriverReference, 35);
        if (asked.Regime is { } regime)
        {
            rules.Known("regime", regime);
        }

        if (asked.Change is { } change)
        {
            rules.Known("change", change);
        }

        rules.Vehicle("vehicle", asked.Vehicle);
        rules.Office("destination", asked.Destination, required: false);
        rules.Declared("addContainers", asked.AddContainers, 100);
        rules.Each("removeContainers", asked.RemoveContainers, 100, (field, number) => rules.Text(field, number, 17, required: true));
        rules.Locks("addLocks", asked.AddLocks);
        rules.Each("removeLocks", asked.RemoveLocks, 100, rules.Lock);
        rules.Each("replaceLocks", asked.ReplaceLocks, 100, (field, replaced) =>
        {
            rules.Lock($"{field}.old", replaced.Old);
            rules.Lock($"{field}.new", replaced.New);
        });
        rules.Each("transfers", asked.Transfers, 100, (field, transfer) =>
        {
            rules.Text($"{field}.container", transfer.Container, 17, required: true);
            rules.Vehicle($"{field}.vehicle", transfer.Vehicle, required: true);
        });
        if (asked.TimeLimit is { } limit && limit <= now)
        {
            rules.Add("timeLimit", $"{limit:O} has passed already. Give a limit in the future.");
        }

        rules.NotWild("timeLimit", asked.TimeLimit);
        rules.Route(asked.Route);

        return rules._errors;
    }

    public static IReadOnlyList<FieldError> Check(ReportObservationRequest told, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", told.MovementId, 35, required: true);
        rules.Known("observer", told.Observer);
        rules.Known("occasion", told.Occasion);
        rules.Moment("at", told.At);
        rules.Text("office", told.Office, 17);
        rules.Text("remark", told.Remark, 500);
        rules.Seen(told.Seen);
        if (told.Seen is null || (told is { Remark: null, Conform: null } && told.Seen is { VehiclePlate: null, PackageCount: null, GrossMassKg: null } && (told.Seen.Containers ?? []).Length == 0))
        {
            rules.Add("seen", "Say what was seen: plate, containers, packages, mass, a remark, or whether the goods conform.");
        }

        return rules._errors;
    }

    public static IReadOnlyList<FieldError> Check(AuthoriseUnsealRequest asked, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", asked.MovementId, 35, required: true);
        rules.Text("orderId", asked.OrderId, 35, required: true);
        rules.Text("officer", asked.Officer, 70, required: true);
        rules.Known("purpose", asked.Purpose);
        rules.Text("office", asked.Office, 17);
        rules.Each("locks", asked.Locks, 100, rules.Lock);
        rules.Place("", asked.Latitude, asked.Longitude, asked.RadiusMetres);
        if (asked is { Office: not null, Latitude: not null })
        {
            rules.Add("office", "Name an office or a place, not both.");
        }

        if (asked.Until <= now || asked.Until > now + MostBack)
        {
            rules.Add("until", $"{asked.Until:O} is not between now and {MostBack.TotalDays:0} days ahead.");
        }

        if (asked.From is { } from && (from >= asked.Until || from < now - MostBack))
        {
            rules.Add("from", $"{from:O} is not before the end, {asked.Until:O}, or lies too far back.");
        }

        return rules._errors;
    }

    public static IReadOnlyList<FieldError> CheckConfirmation(string movementId, Observer observer, DateTimeOffset at, string? office, SeenCargo? seen, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", movementId, 35, required: true);
        rules.Known("observer", observer);
        rules.Moment("at", at);
        rules.Text("office", office, 17);
        rules.Seen(seen);
        return rules._errors;
    }

    public static IReadOnlyList<FieldError> Check(CloseMovementRequest asked, DateTimeOffset now)
    {
        var rules = new RequestRules(now);
        rules.Text("movementId", asked.MovementId, 35, required: true);
        rules.Text("reason", asked.Reason, 500, required: true);
        return rules._errors;
    }

    private void Add(string field, string message) => _errors.Add(new FieldError { Path = field, Message = message });

    private void Text(string field, string? value, int most, bool required = false)
    {
        if (value is null ? required : string.IsNullOrWhiteSpace(value) || value.Length > most)
        {
            Add(field, $"Give 1 to {most} characters.");
        }
        else if (value?.Any(c => char.IsControl(c) || char.IsSurrogate(c)) == true)
        {
            Add(field, "Remove control characters and symbols outside the basic plane.");
        }
    }

    private void Known<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(field, $"Give one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    /// <summary>A clock that was never set says 2000, one that runs wild says 2099; neither moment can be placed in a journey.</summary>
    private void Moment(string field, DateTimeOffset at)
    {
        if (at > now + MostAhead)
        {
            Add(field, $"{at:O} lies in the future; now is {now:O}. Is the sender's clock set?");
        }
        else if (at < now - MostBack)
        {
            Add(field, $"{at:O} is more than {MostBack.TotalDays:0} days ago. Is the sender's clock set?");
        }
    }

    /// <summary>No movement is planned for years ahead: a clock that runs wild says 2099.</summary>
    private void NotWild(string field, DateTimeOffset? at)
    {
        if (at > now + MostBack)
        {
            Add(field, $"{at:O} is more than {MostBack.TotalDays:0} days ahead. Is the sender's clock set?");
        }
    }

    /// <summary>Only what has no form in a plan; its geometry is judged where the plan is read.</summary>
    private void Route(RouteItem? route)
    {
        if (route is null)
        {
            return;
        }

        Each("route.way", route.Way, 10_000, Point);
        Each("route.stops", route.Stops, 50, (field, stop) => Point(field, stop.Latitude, stop.Longitude));
        Each("route.permittedAreas", route.PermittedAreas, 50, (field, area) => Each($"{field}.corners", area.Corners, 1_000, Point));
    }

    private void Point(string field, PointItem point) => Point(field, point.Latitude, point.Longitude);

    private void Point(string field, double latitude, double longitude)
    {
        if (GeoPoint.From(latitude, longitude) is null)
        {
            Add($"{field}.latitude", OutOfRange);
        }
    }

    private void Vehicle(string field, VehicleItem? vehicle, bool required = false)
    {
        if (vehicle is null)
        {
            if (required)
            {
                Add(field, "Name the vehicle.");
            }

            return;
        }

        Text($"{field}.plate", vehicle.Plate, 35, required: true);
        Country($"{field}.nationality", vehicle.Nationality);
    }

    private void Country(string field, string? value)
    {
        if (value is not null && !(value.Length == 2 && value.All(char.IsAsciiLetterUpper)))
        {
            Add(field, $"'{value}' is not a country code: two capital letters as in ISO 3166, such as JO.");
        }
    }

    private void Office(string field, OfficeItem? office, bool required)
    {
        if (office is null)
        {
            if (required)
            {
                Add(field, "Name the office.");
            }

            return;
        }

        Text($"{field}.code", office.Code, 17, required: true);
        Text($"{field}.name", office.Name, 70);
        Country($"{field}.country", office.Country);
        Place($"{field}.", office.Latitude, office.Longitude, office.RadiusMetres);
    }

    private void Place(string prefix, double? latitude, double? longitude, double? radius)
    {
        if (latitude is null != longitude is null)
        {
            Add($"{prefix}{(latitude is null ? "latitude" : "longitude")}", "Latitude and longitude come together or not at all.");
        }
        else if (latitude is not null && GeoPoint.From(latitude, longitude) is null)
        {
            Add($"{prefix}latitude", OutOfRange);
        }

        if (radius is < 50 or > 50_000 or double.NaN)
        {
            Add($"{prefix}radiusMetres", "The radius lies between 50 and 50000 metres.");
        }
    }

    private void Lock(string field, string number)
    {
        if (!LockId.TryParse(number, out _))
        {
            Add(field, "A lock number has 1 to 64 printable characters.");
        }
    }

    private void Locks(string field, LockItem[]? locks) => Each(field, locks, 100, (path, item) =>
    {
        Lock($"{path}.number", item.Number);
        Text($"{path}.container", item.Container, 17);
    });

    private void Declared(string field, ContainerItem[]? containers, int most)
    {
        Each(field, containers, most, (path, container) =>
        {
            Text($"{path}.number", container.Number, 17, required: true);
            Each($"{path}.seals", container.Seals, 99, (seal, number) => Text(seal, number, 35, required: true));
            Amounts($"{path}.", container.PackageCount, container.GrossMassKg);
        });
        foreach (var repeated in (containers ?? []).Where(c => c is not null).GroupBy(c => c.Number, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            Add(field, $"Container {repeated.Key} is named {repeated.Count()} times. Name it once.");
        }
    }

    private void Seen(SeenCargo? seen)
    {
        if (seen is null)
        {
            return;
        }

        Text("seen.vehiclePlate", seen.VehiclePlate, 35);
        Amounts("seen.", seen.PackageCount, seen.GrossMassKg);
        Each("seen.containers", seen.Containers, 100, (path, container) =>
        {
            Text($"{path}.number", container.Number, 17, required: true);
            Amounts($"{path}.", container.PackageCount, container.GrossMassKg);
            Each($"{path}.seals", container.Seals, 99, (field, seal) =>
            {
                Text($"{field}.number", seal.Number, 35, required: true);
                Known($"{field}.condition", seal.Condition);
            });
        });
    }

    private void Amounts(string prefix, int? packages, decimal? mass)
    {
        if (packages is < 0)
        {
            Add($"{prefix}packageCount", "A count is not negative.");
        }

        if (mass is < 0 or > 1_000_000_000)
        {
            Add($"{prefix}grossMassKg", "A mass lies between 0 and a million tonnes, in kilograms.");
        }
    }

    private void Each<T>(string field, T[]? items, int most, Action<string, T> check)
    {
        if (items?.Length > most)
        {
            Add(field, $"At most {most} items; there are {items.Length}.");
            return;
        }

        for (var i = 0; i < (items?.Length ?? 0); i++)
        {
            if (items![i] is { } item)
            {
                check($"{field}[{i}]", item);
            }
            else
            {
                Add($"{field}[{i}]", "An item cannot be null.");
            }
        }
    }
}
