using System.Globalization;
using System.Security.Cryptography;
using Adapter.Host.Rehearsal.Twins;
using Adapter.TestKit.Stories;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Many dirty journeys at once through a whole host: each receiver is told the true story of each of them, and nothing else.</summary>
/// <remarks>
/// What counts as the true story is said at <see cref="StoryCheck"/>. A failure names the seed of its journey;
/// <c>CUSTOMSTRANSIT_SEED</c> with that seed repeats this journey alone.
/// </remarks>
public sealed class DirtyJourneyTests
{
    private static readonly DateTimeOffset FirstDay = new(2026, 7, 6, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public Task A_hundred_dirty_journeys_are_told_as_they_truly_were() => RunAsync(Seeds(100, master: 20260706), TimeSpan.FromMinutes(1));

    [Fact]
    [Trait("needs", "endurance")]
    public Task A_thousand_dirty_journeys_are_told_as_they_truly_were() => RunAsync(
        Seeds(1000, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))), TimeSpan.FromMinutes(4));

    private static ulong[] Seeds(int count, ulong master) => Environment.GetEnvironmentVariable("CUSTOMSTRANSIT_SEED") is { Length: > 0 } one
        ? [ulong.Parse(one, CultureInfo.InvariantCulture)]
        : [.. Enumerable.Range(1, count).Select(number => SeededRandom.Derive(master, number))];

    private static async Task RunAsync(ulong[] seeds, TimeSpan patience)
    {
        var journeys = seeds.Select((seed, i) => DirtyJourneys.Make(seed, i + 1, FirstDay + TimeSpan.FromDays(1))).ToList();
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Clock = TestClock.StandingAt(FirstDay),
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [$"Ingest:Sources:{TestHost.Source}:CodeSpaces:location"] = "sdk-alarm",
                [$"Ingest:Sources:{TestHost.Source}:CodeSpaces:command"] = "p45",
                // The stories are about what locks report; silences have tests of their own. A few holes in their coverage last longer than this.
                ["Journeys:SilentWhenMoving"] = Suppositions.SilentFor.ToString(),
                ["Journeys:SilentWhenParked"] = "7.00:00:00",
            },
        });

        await DirtyLoad.SendAsync(host, journeys, seeds[0]);
        await DirtyLoad.SettledAsync(host, patience);

        var wrong = new List<string>();
        foreach (var twin in TwinName.All)
        {
            wrong.AddRange(Check(twin, ReceiverLog.Read(TwinLog.PathOf(host.PathOf("received"), twin)), journeys));
        }

        if (wrong.Count > 0)
        {
            Assert.Fail($"{wrong.Count} of {journeys.Count * TwinName.All.Count} stories are not true.\n\n{string.Join("\n\n", wrong.Take(12))}");
        }
    }

    private static IEnumerable<string> Check(string twin, IReadOnlyList<ReceiverLog> log, List<DirtyJourney> journeys)
    {
        var byMrn = log.ToLookup(message => message.Mrn, StringComparer.Ordinal);
        var byLock = byMrn[""].ToLookup(message => message.Lock, StringComparer.Ordinal);
        foreach (var journey in journeys)
        {
            var (ofJourney, ofLock) = (byMrn[journey.Story.Mrn].ToList(), byLock[journey.Story.Lock].ToList());
            var wrong = StoryCheck.Check(journey, ofJourney, ofLock, hearsUnbound: twin == TwinName.Transportation);
            if (wrong.Count > 0)
            {
                yield return $"""
                    {twin}: {journey.Story.JourneyId}, seed {journey.Seed}, registered {journey.Registering.At:MM-dd HH:mm:ss} from {journey.Registering.From?.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "its sealing"}
                    {journey.Story}
                    To be told: {string.Join(", ", journey.Expected.Select(e => $"{e.Kind} {e.At:MM-dd HH:mm:ss}"))}
                    Told: {string.Join(", ", ofJourney.Select(Written))}{(ofLock.Count == 0 ? "" : $"; of the lock alone: {string.Join(", ", ofLock.Select(Written))}")}
                    {string.Join('\n', wrong)}{(journeys.Count == 1 ? "\nSent:\n" + string.Join('\n', journey.Sent.Select(s => $"{s.At:MM-dd HH:mm:ss} {s.Path} {s.Json}")) : "")}
                    """;
            }
        }

        var strangers = log.Select(m => m.Mrn).Where(mrn => mrn.Length > 0).Except(journeys.Select(j => j.Story.Mrn)).ToList();
        if (strangers.Count > 0)
        {
            yield return $"{twin} was told of {string.Join(", ", strangers)}, which nobody registered.";
        }
    }

    private static string Written(ReceiverLog message) =>
        $"{(message.Withdraws ? "no " : message.Corrects is null ? "" : "rather ")}{message.Kind} {message.At:MM-dd HH:mm:ss}";
}
