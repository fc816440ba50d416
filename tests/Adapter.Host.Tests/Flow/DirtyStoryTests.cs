using System.Globalization;
using System.Security.Cryptography;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.TestKit;
using Adapter.TestKit.Stories;

namespace Adapter.Host.Tests.Flow;

/// <summary>Dirty journeys through the flow alone: customs are told the true story of each, and nothing else.</summary>
/// <remarks>
/// The whole host is tried with fewer of them; here there is time for many. What counts as the true story is said at <see cref="StoryCheck"/>. A failure names the seed of its journey;
/// <c>CUSTOMSTRANSIT_SEED</c> with that seed repeats this journey alone. The fresh seeds are for <c>test.sh --endurance</c>.
/// </remarks>
public sealed class DirtyStoryTests
{
    private static readonly DateTimeOffset FirstDay = new(2026, 7, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Code spaces as the sources of these stories have them.</summary>
    private static readonly Dictionary<string, string> Routes = new(StringComparer.Ordinal)
    {
        ["/intake/jointech/location"] = "location/sdk-alarm",
        ["/intake/jointech/alarm"] = "alarm/web-alarm",
        ["/intake/jointech/event"] = "event/web-event",
        ["/intake/jointech/command"] = "command/p45",
    };

    [Fact]
    public Task Two_hundred_stories_are_told_as_they_truly_were() => RunAsync(Seeds(200, master: 20261126));

    [Fact(Explicit = true)]
    public Task Three_thousand_stories_on_fresh_seeds_are_told_as_they_truly_were() => RunAsync(Seeds(3000, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))));

    private static ulong[] Seeds(int count, ulong master) => Environment.GetEnvironmentVariable("CUSTOMSTRANSIT_SEED") is { Length: > 0 } one
        ? [.. one.Split(',').Select(seed => ulong.Parse(seed, CultureInfo.InvariantCulture))]
        : [.. Enumerable.Range(1, count).Select(number => SeededRandom.Derive(master, number))];

    private static async Task RunAsync(ulong[] seeds)
    {
        var wrong = new List<string>();
        foreach (var (i, seed) in seeds.Index())
        {
            wrong.AddRange(await WrongAsync(DirtyJourneys.Make(seed, i + 1, FirstDay + TimeSpan.FromDays(1)), withRecords: seeds.Length == 1));
        }

        wrong.ShouldBeEmpty($"{wrong.Count} of {seeds.Length * 2} stories are not true.\n\n{string.Join("\n\n", wrong.Take(12))}");
    }

    private static async Task<IReadOnlyList<string>> WrongAsync(DirtyJourney journey, bool withRecords)
    {
        using var bench = new FlowBench();
        bench.Options.SilentWhenMoving = Suppositions.SilentFor;
        bench.Options.SilentWhenParked = TimeSpan.FromDays(7);
        // A copy does not come past the journal.
        foreach (var sending in journey.Sent.Where(s => !s.IsCopy))
        {
            await bench.PassAsync(sending.At);
            await (sending.Path == Sending.Registration
                ? bench.TakeAsync(EntryKind.Registration, "register-journey", sending.Json, sending.At)
                : bench.TakeAsync(EntryKind.Telemetry, Routes[sending.Path], sending.Json, sending.At));
        }

        bench.Store.Parked.ShouldBeEmpty();
        return [.. bench.Destinations.Select(destination => Wrong(journey, bench, destination.Name, withRecords)).OfType<string>()];
    }

    private static string? Wrong(DirtyJourney journey, FlowBench bench, string receiver, bool withRecords)
    {
        var told = bench.Store.Messages.Where(m => m.Destination.Name == receiver).ToLookup(m => m.Subject.Kind, m => new ReceiverLog(
            m.Id, m.Number, journey.Story.Mrn, m.Decision.Lock?.Value ?? "", m.Decision.Kind, m.Decision.Seen.At, m.Corrects, m.Source.Message.IsWithdrawal, Effect: 1, m.Id));
        var (ofJourney, ofLock) = (told[SubjectKind.Journey].ToList(), told[SubjectKind.Lock].ToList());
        var wrong = StoryCheck.Check(journey, ofJourney, ofLock, hearsUnbound: receiver == "transportation");
        return wrong.Count == 0 ? null : $"""
            {receiver}: {journey.Story.JourneyId}, seed {journey.Seed}, registered {journey.Registering.At:MM-dd HH:mm:ss} from {journey.Registering.From?.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "its sealing"}
            {journey.Story}
            To be told: {string.Join(", ", journey.Expected.Select(e => $"{e.Kind} {e.At:MM-dd HH:mm:ss}"))}
            Told: {string.Join(", ", ofJourney.Select(Written))}{(ofLock.Count == 0 ? "" : $"; of the lock alone: {string.Join(", ", ofLock.Select(Written))}")}
            {string.Join('\n', wrong)}{(withRecords ? "\nSent:\n" + string.Join('\n', journey.Sent.Select(s => $"{s.At:MM-dd HH:mm:ss}{(s.IsCopy ? " again" : "")} {s.Path} {s.Json}")) : "")}
            """;
    }

    private static string Written(ReceiverLog message) =>
        $"{(message.Withdraws ? "no " : message.Corrects is null ? "" : "rather ")}{message.Kind} {message.At:MM-dd HH:mm:ss}";
}
