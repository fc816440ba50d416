using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Adapter.Host.Observability;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Hosts, and now and then the receivers, killed at random while a load goes through one store.</summary>
/// <remarks>
/// The seed decides where each host dies: at a crash point, or after so many answers; CUSTOMSTRANSIT_SEED takes the same decisions again. What else runs at that
/// moment is the machine's, so a seed repeats the plan of a run and not each of its instants.
/// </remarks>
public sealed class CrashRandomTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private const string Variable = "CUSTOMSTRANSIT_SEED";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Those that a host on a store in use can reach.</summary>
    private static readonly IReadOnlyList<string> Points =
    [
        .. typeof(CrashPoints).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Where(point => !point.StartsWith("migration.", StringComparison.Ordinal) && !point.StartsWith("entry.", StringComparison.Ordinal)),
    ];

    [Theory]
    [Trait("needs", "crash")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Ten_kills_break_no_promise(int run) => await RunAsync(receivers, CrashRun.OnPreparedStore(receivers, journeys: 10), unchecked(Seed() + (ulong)run), kills: 10);

    /// <summary>A hundred runs of ten.</summary>
    [Fact]
    [Trait("needs", "endurance")]
    public async Task A_thousand_kills_break_no_promise()
    {
        var seed = Seed();
        for (var run = 0; run < 100; run++)
        {
            // Receivers of its own: their logs are read whole.
            await using var own = new CrashReceivers();
            await own.InitializeAsync();
            await RunAsync(own, CrashRun.OnPreparedStore(own, journeys: 10), unchecked(seed + (ulong)run), kills: 10);
        }
    }

    /// <summary>Kills so many hosts of a run, has an ordinary one end it, and judges it.</summary>
    internal static async Task RunAsync(CrashReceivers receivers, CrashRun run, ulong seed, int kills)
    {
        var random = new SeededRandom(seed);
        var told = new List<string>();
        string What() => $"{Variable}={seed}: {string.Join("; ", told)}";
        await using var _ = run;
        var share = run.Load.RequestsBeforeTheEnd / (kills + 1);
        var sending = run.SendAsync();
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await KillOnceAsync(run, receivers, random, atMost: share, told);
            }

            await run.StartAsync();
            await sending;
            await run.AssertKeptItsPromisesAsync(What());
        }
        catch (Exception failure) when (failure is not ShouldAssertException)
        {
            throw new InvalidOperationException(What(), failure);
        }
        finally
        {
            TestContext.Current.SendDiagnosticMessage(What());
        }
    }

    /// <summary>One host more, which dies at a crash point or, where it does not get there, after so many answers.</summary>
    private static async Task KillOnceAsync(CrashRun run, CrashReceivers receivers, SeededRandom random, int atMost, List<string> told)
    {
        var (point, after, answers, withReceivers) = (Points[random.Next(0, Points.Count)], random.Next(1, 20), random.Next(atMost / 4, atMost + 1), random.Next(0, 6) == 0);
        var until = Math.Min(run.Load.Answered + answers, run.Load.RequestsBeforeTheEnd);
        await run.StartDoomedAsync(point, after);
        await Eventually.GetAsync(
            () => Task.FromResult(run.HostHasEnded || run.Load.Answered >= until), seen => seen, _ => $"{run.Load.Answered} answered of {run.Load.Requests}\n{run.Output}", Patience);
        if (withReceivers)
        {
            await receivers.KillAsync();
        }

        var alone = run.HostHasEnded;
        if (!alone)
        {
            await run.KillAsync();
        }

        // Either way by SIGKILL: a host that ended by itself would be another fault.
        (await run.DiesAsync(Patience)).ShouldBeTrue(run.Output);
        told.Add((alone ? $"died at {point}#{after}" : string.Create(CultureInfo.InvariantCulture, $"killed after {answers} answers")) + (withReceivers ? " with the receivers" : ""));
        if (withReceivers)
        {
            await receivers.StartAgainAsync();
        }
    }

    /// <summary>The one that the environment gives, or one of this run's own.</summary>
    internal static ulong Seed() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
