using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;

namespace Adapter.Host.Rehearsal.Neighbours;

/// <summary>Two countries, two hosts, one journey: announced, carried over, confirmed, closed, with an outage and a duplicate in the middle.</summary>
internal static class NeighbourRun
{
    public const string Mrn = "26KE00000012345678";

    private const string Movement = "KE-2026-0042";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly Actor Office = new("office");

    /// <param name="tell">Gets a sentence for each thing that happened.</param>
    /// <returns>What went wrong, in sentences; empty when nothing did.</returns>
    public static async Task<IReadOnlyList<string>> PlayAsync(string folder, Action<string> tell, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var toUganda = await NeighbourLine.OpenAsync(cancellationToken);
        await using var toKenya = await NeighbourLine.OpenAsync(cancellationToken);
        await using var kenya = new Country(Path.Combine(folder, "kenya"), "kenya", "uganda", toUganda.Address, tells: "DEPARTURE");
        await using var uganda = new Country(Path.Combine(folder, "uganda"), "uganda", "kenya", toKenya.Address, tells: "ARRIVAL");
        await kenya.StartAsync(cancellationToken);
        await uganda.StartAsync(cancellationToken);
        (toUganda.To, toKenya.To) = (uganda.Address, kenya.Address);
        await uganda.AdmitAsync(kenya, cancellationToken);
        await kenya.AdmitAsync(uganda, cancellationToken);
        tell($"Kenya listens at {kenya.Address}, Uganda at {uganda.Address}.");

        toUganda.Cut();
        var now = time.GetUtcNow();
        Expect(await Desk(kenya).RegisterMovementAsync(Registration(), Office, cancellationToken));
        Expect(await Desk(kenya).ConfirmDepartureAsync(
            new ConfirmDepartureRequest { MovementId = Movement, Observer = Observer.Office, At = now, Office = "KEMBA" }, Office, cancellationToken));
        if (!await UntilAsync(() => Task.FromResult(toUganda.Refused > 0), time, cancellationToken))
        {
            return ["Kenya never tried to tell Uganda of the departure."];
        }

        tell("The movement has left Mombasa while the line to Uganda is down: the announcement waits in its lane.");
        await uganda.StopAsync();
        await uganda.StartAsync(cancellationToken);
        toUganda.BringNextTwice();
        toUganda.Mend();
        if (!await UntilAsync(async () => (await Lists(uganda, cancellationToken)).Count > 0 && await IdleAsync(kenya, cancellationToken), time, cancellationToken))
        {
            return [$"Uganda did not take the announcement: {await LanesAsync(kenya, cancellationToken)}"];
        }

        tell("Uganda was restarted, the line is up again, and the announcement came twice: one movement, one answer 02, one confirmation 01.");
        toKenya.LoseNextAnswer();
        Expect(await Desk(uganda).ConfirmArrivalAsync(
            new ConfirmArrivalRequest { MovementId = Mrn, Observer = Observer.Office, At = now + TimeSpan.FromMinutes(1), Office = "UGMAL" }, Office, cancellationToken));
        if (!await UntilAsync(async () => await ArrivedAsync(kenya, cancellationToken) && await IdleAsync(uganda, cancellationToken) && await IdleAsync(kenya, cancellationToken), time, cancellationToken))
        {
            return [$"Kenya did not take the arrival: {await LanesAsync(uganda, cancellationToken)}"];
        }

        tell("Uganda confirmed the arrival; the answer was lost on the way, and the later confirmation or a repeat settled it.");
        Expect(await Desk(kenya).CloseMovementAsync(new CloseMovementRequest { MovementId = Movement, Reason = "arrival confirmed by Uganda" }, Office, cancellationToken));
        tell("Kenya closed the movement.");
        return
        [
            .. HistoryChecker.Check("uganda", toUganda.Log, new Dictionary<string, IReadOnlyList<string>> { [Mrn] = ["DEPARTURE"] }),
            .. HistoryChecker.Check("kenya", toKenya.Log, new Dictionary<string, IReadOnlyList<string>> { [Mrn] = ["ARRIVAL"] }),
            // What took effect is counted where it did: a registration and a departure there, an arrival here.
            .. Entries("uganda", uganda, "kenya", expected: 2),
            .. Entries("kenya", kenya, "uganda", expected: 1),
            .. toUganda.Unrelated + toKenya.Unrelated == 0 ? Array.Empty<string>() : ["A later answer did not name the message that it answers in RelatesTo."],
            .. toUganda.Log.Count(line => !line.IsQuestion) >= 2 ? Array.Empty<string>() : ["No duplicate went over the line, so nothing was proven about duplicates."],
        ];
    }

    private static RegisterMovementRequest Registration() => new()
    {
        MovementId = Movement,
        Regime = Regime.CrossBorder,
        Mrn = Mrn,
        Vehicle = new VehicleItem { Plate = "KDA 123A", Nationality = "KE" },
        Containers = [new ContainerItem { Number = "MSKU1234565", Seals = ["SL-77001"] }],
        Departure = new OfficeItem { Code = "KEMBA", Name = "Mombasa", Country = "KE" },
        Destination = new OfficeItem { Code = "UGMAL", Name = "Malaba", Country = "UG" },
    };

    private static MovementDesk Desk(Country country) => country.Services.GetRequiredService<MovementDesk>();

    private static void Expect(MovementAnswer answer)
    {
        if (answer.Receipt is not { Accepted: true })
        {
            throw new InvalidOperationException($"The rehearsal's own request was refused: {answer.Receipt?.Text ?? answer.Fault?.Text}");
        }
    }

    private static Task<IReadOnlyList<JourneyLine>> Lists(Country country, CancellationToken cancellationToken) =>
        country.Services.GetRequiredService<IJourneyReader>().ListAsync(Mrn, null, 10, cancellationToken);

    private static async Task<bool> ArrivedAsync(Country country, CancellationToken cancellationToken) =>
        await country.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney(Movement), cancellationToken) is { } state && Milestones.Arrived(state).Earliest is not null;

    /// <summary>Everything was sent, and everything that had to be confirmed was.</summary>
    private static async Task<bool> IdleAsync(Country country, CancellationToken cancellationToken) =>
        (await country.Services.GetRequiredService<ILaneStore>().CountAsync(cancellationToken)) is { Count: > 0 } counts && counts.All(c => c.Key == LaneState.Idle || c.Value == 0);

    private static async Task<string> LanesAsync(Country country, CancellationToken cancellationToken) => string.Join("; ",
        (await country.Services.GetRequiredService<ILaneStore>().ListAsync(new LaneFilter(null, null, null, 20), cancellationToken)).Select(l => $"{l.Destination} {l.Subject} is {l.State}: {l.Reason}"));

    private static IEnumerable<string> Entries(string where, Country country, string neighbour, long expected)
    {
        using var session = country.Services.GetRequiredService<StoreDatabase>().OpenForReading();
        var found = session.Number("SELECT count(*) FROM journal WHERE source = ?1", neighbour) ?? 0;
        if (found != expected)
        {
            yield return $"{where}: {neighbour}'s messages became {found} journal entries; expected {expected}.";
        }
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> holds, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); time.GetElapsedTime(begun) < Patience; await Task.Delay(LookAgain, time, cancellationToken))
        {
            if (await holds())
            {
                return true;
            }
        }

        return false;
    }
}
