namespace Adapter.TestKit.Stories;

/// <summary>What truly happens on one journey, before anybody reports it. Times are whole seconds.</summary>
internal sealed class TrueStory
{
    public const double OfficeKm = 2;

    private readonly double _bearing;
    private readonly double _lengthKm;
    private readonly List<Mishap> _mishaps = [];

    /// <param name="number">Tells this journey, its lock and its MRN from all others.</param>
    /// <param name="begin">When the lock is first heard of.</param>
    public TrueStory(int number, DateTimeOffset begin, SeededRandom random)
    {
        Number = number;
        Begins = begin;
        Seals = Begins + random.Minutes(5, 50);
        Leaves = Seals + random.Minutes(20, 70);
        Arrives = Leaves + random.Minutes(90, 300);
        Unseals = Arrives + random.Minutes(15, 60);
        Ends = Unseals + random.Minutes(15, 30);
        From = new Place(random.Next(-5000, 5000) / 1000.0, random.Next(30_000, 40_000) / 1000.0);
        _bearing = random.Next(0, 360);
        _lengthKm = (Arrives - Leaves).TotalHours * random.Next(45, 70);
        To = From.Towards(_bearing, _lengthKm);
        Border = random.Chance(40) ? From.Towards(_bearing, _lengthKm * 0.6) : null;
        HasCoverSensor = random.Chance(60);
        AddMishaps(random);
    }

    public int Number { get; }

    public string JourneyId => $"STORY-{Number:00000}";

    public string Mrn => $"26KE{Number:00000000000000}";

    public string Lock => $"80{Number:00000000}";

    public string Container => $"MSKU{Number:0000000}";

    public Place From { get; }

    public Place To { get; }

    public Place? Border { get; }

    public bool HasCoverSensor { get; }

    public DateTimeOffset Begins { get; }

    public DateTimeOffset Seals { get; }

    public DateTimeOffset Leaves { get; }

    public DateTimeOffset Arrives { get; }

    public DateTimeOffset Unseals { get; }

    public DateTimeOffset Ends { get; }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<Mishap> Mishaps => _mishaps;

    public bool IsLocked(DateTimeOffset at) => at >= Seals && at < Unseals;

    public bool IsRopeIn(DateTimeOffset at) => IsLocked(at) && !IsLasting(Kinds.RopeCut, at);

    public bool IsCoverClosed(DateTimeOffset at) => !IsLasting(Kinds.CoverOpen, at);

    public Place PlaceAt(DateTimeOffset at)
    {
        var driven = Math.Clamp((at - Leaves) / (Arrives - Leaves), 0, 1);
        return From.Towards(_bearing, _lengthKm * driven);
    }

    public override string ToString() => string.Join('\n',
        [$"  {Begins:MM-dd HH:mm:ss} lock {Lock} is heard of", $"  {Seals:MM-dd HH:mm:ss} sealed", $"  {Leaves:MM-dd HH:mm:ss} leaves the office of departure",
         .. _mishaps.Select(m => $"  {m.At:MM-dd HH:mm:ss} {m.Kind}{(m.Until > m.At ? $" until {m.Until:MM-dd HH:mm:ss}" : "")}"),
         $"  {Arrives:MM-dd HH:mm:ss} arrives", $"  {Unseals:MM-dd HH:mm:ss} unsealed"]);

    private bool IsLasting(string kind, DateTimeOffset at) => _mishaps.Exists(m => m.Kind == kind && at >= m.At && at < m.Until);

    /// <summary>None to three, apart from each other and from sealing and unsealing, so that nobody could take two for one.</summary>
    private void AddMishaps(SeededRandom random)
    {
        if (Seals - Begins > TimeSpan.FromMinutes(25) && random.Chance(25))
        {
            _mishaps.Add(new Mishap(Kinds.LongUnlocked, Begins + random.Minutes(6, 15), default));
        }

        var count = random.Next(0, 4);
        var free = Seals + TimeSpan.FromMinutes(14);
        var lowBattery = false;
        for (var i = 0; i < count; i++)
        {
            var at = free + random.Minutes(0, 50);
            if (at > Unseals - TimeSpan.FromMinutes(45))
            {
                break;
            }

            var kind = random.Pick(Kinds.Mishaps);
            if (lowBattery && kind == Kinds.LowBattery)
            {
                continue;
            }

            lowBattery |= kind == Kinds.LowBattery;
            var until = kind switch
            {
                Kinds.RopeCut when i == count - 1 && random.Chance(30) => Unseals,
                Kinds.RopeCut or Kinds.CoverOpen => at + random.Minutes(2, 25),
                Kinds.LowBattery => random.Chance(30) ? DateTimeOffset.MaxValue : Unseals - TimeSpan.FromMinutes(10),
                _ => at,
            };
            _mishaps.Add(new Mishap(kind, at, until));
            free = (kind == Kinds.LowBattery || until < at ? at : until) + TimeSpan.FromMinutes(14);
        }

        for (var i = 0; i < _mishaps.Count; i++)
        {
            _mishaps[i] = _mishaps[i] with { Until = _mishaps[i].Until < _mishaps[i].At ? _mishaps[i].At : _mishaps[i].Until };
        }
    }
}

/// <param name="Until">When it is over; the same as <paramref name="At"/> for what does not last, the end of all times for what outlasts the journey.</param>
internal sealed record Mishap(string Kind, DateTimeOffset At, DateTimeOffset Until);

/// <summary>The words of the messages to customs.</summary>
internal static class Kinds
{
    public const string Seal = "SEAL";
    public const string Departure = "DEPARTURE";
    public const string Border = "BORDER";
    public const string Arrival = "ARRIVAL";
    public const string Unseal = "UNSEAL";
    public const string RopeCut = "ROPE_CUT";
    public const string CoverOpen = "COVER_OPEN";
    public const string IllegalCard = "ILLEGAL_CARD";
    public const string WrongPassword = "WRONG_PASSWORD_5";
    public const string LowBattery = "LOW_BATTERY";
    public const string LongUnlocked = "LONG_UNLOCKED";
    public const string UnsealRefused = "UNSEAL_REFUSED";

    public const string UnauthorisedTrip = "UNAUTHORISED_TRIP";
    public const string SignalLost = "SIGNAL_LOST";

    /// <summary>What can befall a sealed lock.</summary>
    public static IReadOnlyList<string> Mishaps { get; } = [RopeCut, RopeCut, CoverOpen, IllegalCard, WrongPassword, LowBattery, UnsealRefused];
}
