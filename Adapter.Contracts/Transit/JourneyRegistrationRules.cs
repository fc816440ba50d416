using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Transit;

/// <summary>What a registration must satisfy before it is journalled; all errors at once, each with the field and the remedy.</summary>
public static class JourneyRegistrationRules
{
    private static readonly TimeSpan MostBack = TimeSpan.FromHours(24);
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostPlanned = TimeSpan.FromDays(400);

    /// <summary>Field path and message per error; empty when the registration is valid.</summary>
    /// <param name="now">The time that what is planned and the locks' start are held against; null leaves them unchecked.</param>
    public static IReadOnlyDictionary<string, string[]> Check(JourneyRegistration registration, DateTimeOffset? now = null)
    {
        var errors = new List<(string Field, string Message)>();
        for (var i = 0; i < (registration.Locks?.Count ?? 0); i++)
        {
            if (registration.Locks![i]?.From is { } from && (from > now + MostAhead || from < now - MostBack))
            {
                errors.Add(($"locks[{i}].from", $"A lock is assigned from a time at most {MostBack.TotalHours:0} hours back and not in the future. Leave the field out for now."));
            }
        }

        foreach (var (field, planned) in ((string, DateTimeOffset?)[])[("departureFrom", registration.DepartureFrom), ("departureUntil", registration.DepartureUntil), ("timeLimit", registration.TimeLimit)])
        {
            // A clock that was never set says 2000, one that runs wild 2099.
            if (planned > now + MostPlanned || planned < now - MostPlanned)
            {
                errors.Add((field, $"{planned:O} is more than {MostPlanned.TotalDays:0} days away. Is the sender's clock set?"));
            }
        }

        Text(errors, "journeyId", registration.JourneyId, 35, required: true);
        Text(errors, "mrn", registration.Mrn, 70, required: false);
        Text(errors, "manifestNumber", registration.ManifestNumber, 35, required: false);
        Text(errors, "driverReference", registration.DriverReference, 35, required: false);
        Text(errors, "carrier.id", registration.Carrier?.Id, 17, required: false);
        Text(errors, "carrier.name", registration.Carrier?.Name, 70, required: false);
        Text(errors, "vehicle.plate", registration.Vehicle?.Plate, 35, required: registration.Vehicle is not null);
        Country(errors, "vehicle.nationality", registration.Vehicle?.Nationality);

        if (registration.Mrn is null && registration.ManifestNumber is null)
        {
            errors.Add(("mrn", "Give the MRN or the manifest number: the receivers know the journey by one of them."));
        }

        if (registration.DepartureUntil < registration.DepartureFrom)
        {
            errors.Add(("departureUntil", "The window of departure ends before it begins. Compare departureFrom."));
        }

        if (registration.TimeLimit <= registration.DepartureFrom)
        {
            errors.Add(("timeLimit", "The goods are due before they may leave. Compare departureFrom."));
        }

        CheckOffice(errors, "departure", registration.Departure);
        CheckOffice(errors, "destination", registration.Destination);
        Each(errors, "transit", registration.Transit, 50, (field, office) => CheckOffice(errors, field, office));
        Each(errors, "containers", registration.Containers, 100, (field, container) =>
        {
            Text(errors, $"{field}.number", container.Number, 17, required: true);
            Each(errors, $"{field}.seals", container.Seals, 99, (seal, value) => Text(errors, $"{seal}.number", value.Number, 35, required: true));
        });
        Each(errors, "locks", registration.Locks, 100, (field, assignment) =>
        {
            if (assignment.Lock is null)
            {
                errors.Add(($"{field}.lock", "Name the lock."));
            }

            if (assignment.Container is not null && registration.Containers?.Any(c => c?.Number == assignment.Container) != true)
            {
                errors.Add(($"{field}.container", $"'{assignment.Container}' is not among the containers of this journey. Add it, or leave the field out for a lock on the vehicle."));
            }
        });

        foreach (var repeated in (registration.Locks ?? []).Where(l => l?.Lock is not null).GroupBy(l => l.Lock).Where(g => g.Count() > 1))
        {
            errors.Add(("locks", $"Lock {repeated.Key} is named {repeated.Count()} times. Name it once."));
        }

        return errors.GroupBy(e => e.Field, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray(), StringComparer.Ordinal);
    }

    private static void CheckOffice(List<(string, string)> errors, string field, Office? office)
    {
        if (office is null)
        {
            errors.Add((field, "Name the office."));
            return;
        }

        Text(errors, $"{field}.code", office.Code, 17, required: true);
        Text(errors, $"{field}.name", office.Name, 70, required: false);
        Country(errors, $"{field}.country", office.Country);
        if (office.Position is { } position && GeoPoint.From(position.Latitude, position.Longitude) is null)
        {
            errors.Add(($"{field}.position", "Latitude lies between -90 and 90 and longitude between -180 and 180, and 0/0 is not a place of customs."));
        }

        if (office.RadiusMetres is < 50 or > 50_000 or double.NaN)
        {
            errors.Add(($"{field}.radiusMetres", "The radius lies between 50 and 50000 metres."));
        }
    }

    private static void Each<T>(List<(string, string)> errors, string field, IReadOnlyList<T>? items, int most, Action<string, T> check)
    {
        if (items is null)
        {
            return;
        }

        if (items.Count > most)
        {
            errors.Add((field, $"At most {most} items; there are {items.Count}."));
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { } item)
            {
                check($"{field}[{i}]", item);
            }
            else
            {
                errors.Add(($"{field}[{i}]", "An item cannot be null."));
            }
        }
    }

    private static void Text(List<(string, string)> errors, string field, string? value, int most, bool required)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            if (required || value is not null)
            {
                errors.Add((field, $"Give 1 to {most} characters."));
            }

            return;
        }

        if (value.Length > most)
        {
            errors.Add((field, $"At most {most} characters; there are {value.Length}."));
        }

        if (value.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
        {
            errors.Add((field, "Remove control characters and symbols outside the basic plane."));
        }
    }

    private static void Country(List<(string, string)> errors, string field, string? value)
    {
        if (value is not null && !(value.Length == 2 && value.All(char.IsAsciiLetterUpper)))
        {
            errors.Add((field, $"'{value}' is not a country code: two capital letters as in ISO 3166, such as JO."));
        }
    }
}
