using System.Globalization;
using System.Text.Json;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Rehearsal;

/// <summary>A scripted outage of all three receivers while journeys are under way, and what became of the messages.</summary>
/// <remarks>
/// It calls the host as Joint Cloud and customs do and judges by the receivers' own logs, so it tells the same of a host in this process and of one that
/// runs elsewhere. Messages of other journeys are left out of the count.
/// </remarks>
internal sealed class Drill(RehearsalCallers callers, DrillScript script, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<DrillJourney> _journeys = DrillJourney.Make(script.Journeys, time.GetUtcNow());

    public async Task<DrillReport> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var twin in TwinName.All)
        {
            await callers.OrderAsync(twin, TwinOrder.Ok, cancellationToken);
        }

        tell($"{_journeys.Count} journeys are registered, sealed and leave.");
        await PushAsync(journey => journey.BeforeTheOutage, register: true, cancellationToken);
        await AwaitAsync(async () => (await LanesAsync(cancellationToken)).All(lane => lane.State == "idle"), script.Patience, cancellationToken);

        tell("The outage begins: manifest is down, transportation acts and does not answer, the neighbour is down every other three seconds.");
        var began = time.GetTimestamp();
        await callers.OrderAsync(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Down }, cancellationToken);
        await callers.OrderAsync(TwinName.Transportation, new TwinOrder { Mode = TwinMode.AcceptThenSilent, Seconds = 1 }, cancellationToken);
        await callers.OrderAsync(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Flapping, Seconds = 3 }, cancellationToken);
        var pushing = PushAsync(journey => journey.DuringTheOutage, register: false, cancellationToken);
        var detected = await AwaitAsync(async () => await IsRestingAsync(cancellationToken), script.Patience, cancellationToken) ? time.GetElapsedTime(began) : (TimeSpan?)null;
        await pushing;
        var left = script.Outage - time.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }

        var stuck = (await LanesAsync(cancellationToken)).Where(lane => lane.State != "idle").ToList();
        tell($"The outage ends with {stuck.Count} lanes waiting; manifest first answers with a wrong id twice.");
        var ended = time.GetTimestamp();
        await callers.OrderAsync(TwinName.Manifest, new TwinOrder { Mode = TwinMode.WrongId, Count = 2 }, cancellationToken);
        await callers.OrderAsync(TwinName.Transportation, TwinOrder.Ok, cancellationToken);
        await callers.OrderAsync(TwinName.Neighbour, TwinOrder.Ok, cancellationToken);
        await PushAsync(journey => journey.AfterTheOutage, register: false, cancellationToken);
        var quiet = await AwaitAsync(async () => (await LanesAsync(cancellationToken)) is { Count: > 0 } lanes && lanes.All(lane => lane.State == "idle")
            && await IsCompleteAsync(cancellationToken), script.Patience, cancellationToken);
        var recovery = quiet ? time.GetElapsedTime(ended) : (TimeSpan?)null;
        var after = (await LanesAsync(cancellationToken)).Where(lane => lane.State == "idle").Select(lane => (lane.Destination, lane.Subject)).ToHashSet();
        return new DrillReport(
            detected, stuck.Count, stuck.Sum(lane => lane.Waiting), stuck.Count(lane => after.Contains((lane.Destination, lane.Subject))), recovery,
            await JudgeAsync(cancellationToken));
    }

    private async Task PushAsync(Func<DrillJourney, IReadOnlyList<DemoPush>> part, bool register, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(_journeys, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (journey, stop) =>
        {
            if (register)
            {
                await callers.RegisterAsync(journey.Registration, stop);
            }

            foreach (var push in part(journey))
            {
                await callers.PushAsync(push, stop);
            }
        });

    /// <returns>False when the patience ran out.</returns>
    private async Task<bool> AwaitAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Whether the host has noticed that the manifest system is away.</summary>
    private async Task<bool> IsRestingAsync(CancellationToken cancellationToken)
    {
        var destinations = await callers.Customs.GetFromJsonAsync<JsonElement>("/api/destinations", cancellationToken);
        return destinations.EnumerateArray().Any(d =>
            d.GetProperty("name").GetString() == TwinName.Manifest && d.GetProperty("breaker").GetProperty("state").GetString() != "closed");
    }

    private async Task<IReadOnlyList<DrillLane>> LanesAsync(CancellationToken cancellationToken)
    {
        var lanes = new List<DrillLane>();
        foreach (var journey in _journeys)
        {
            var subject = "journey:" + journey.Registration.JourneyId;
            var answer = await callers.Customs.GetFromJsonAsync<JsonElement>($"/api/lanes?subject={Uri.EscapeDataString(subject)}", cancellationToken);
            lanes.AddRange(answer.EnumerateArray().Select(lane => new DrillLane(
                lane.GetProperty("destination").GetString()!, subject, lane.GetProperty("state").GetString()!,
                lane.GetProperty("head") is { ValueKind: JsonValueKind.Number } head ? lane.GetProperty("lastNumber").GetInt64() - head.GetInt64() + 1 : 0)));
        }

        return lanes;
    }

    private async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var twin in TwinName.All)
        {
            var effects = (await OursAsync(twin, cancellationToken)).Count(line => line.Effect > 0);
            if (effects < _journeys.Count * DemoJourney.ExpectedKinds.Count)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<IReadOnlyList<HistoryChecker.Finding>> JudgeAsync(CancellationToken cancellationToken)
    {
        var findings = new List<HistoryChecker.Finding>();
        foreach (var twin in TwinName.All)
        {
            findings.AddRange(HistoryChecker.Judge(
                twin, await OursAsync(twin, cancellationToken), _journeys.ToDictionary(j => j.Registration.Mrn!, _ => DemoJourney.ExpectedKinds, StringComparer.Ordinal)));
        }

        return findings;
    }

    private async Task<IReadOnlyList<HistoryChecker.Line>> OursAsync(string twin, CancellationToken cancellationToken)
    {
        var ours = _journeys.Select(j => j.Registration.Mrn!).ToHashSet(StringComparer.Ordinal);
        return [.. (await callers.ReceivedAsync(twin, cancellationToken)).Select(HistoryChecker.Line.Of).Where(line => ours.Contains(line.Subject))];
    }

    private sealed record DrillLane(string Destination, string Subject, string State, long Waiting);
}

/// <param name="Patience">How long a phase may take before the drill goes on and reports what is missing.</param>
internal sealed record DrillScript(int Journeys, TimeSpan Outage, TimeSpan Patience);

/// <param name="Detected">From the first sign of the outage to the host's noticing it; null when it did not.</param>
/// <param name="Parked">Lanes that waited when the outage ended.</param>
/// <param name="Waiting">Messages in them.</param>
/// <param name="Recovered">How many of those lanes have nothing waiting now.</param>
/// <param name="Recovery">From the outage's end until all was told; null when something is still missing.</param>
internal sealed record DrillReport(
    TimeSpan? Detected, int Parked, long Waiting, int Recovered, TimeSpan? Recovery, IReadOnlyList<HistoryChecker.Finding> Findings)
{
    public bool IsGood => Detected is not null && Recovery is not null && Recovered == Parked && Findings.Count == 0;

    public int Count(HistoryChecker.Broken promise) => Findings.Where(finding => finding.Promise == promise).Sum(finding => finding.Times);

    public IEnumerable<string> Lines()
    {
        yield return Detected is { } detected ? string.Create(CultureInfo.InvariantCulture, $"detected after: {detected.TotalSeconds:0.0} s") : "detected after: never";
        yield return string.Create(CultureInfo.InvariantCulture, $"parked: {Parked} lanes with {Waiting} messages");
        yield return Recovery is { } recovery
            ? string.Create(CultureInfo.InvariantCulture, $"recovered: {Recovered} lanes, {recovery.TotalSeconds:0.0} s after the end of the outage")
            : string.Create(CultureInfo.InvariantCulture, $"recovered: {Recovered} lanes; others still wait, see /api/lanes");
        yield return string.Create(CultureInfo.InvariantCulture, $"lost: {Count(HistoryChecker.Broken.Lost)}");
        yield return string.Create(CultureInfo.InvariantCulture, $"duplicated: {Count(HistoryChecker.Broken.Duplicated)}");
        yield return string.Create(CultureInfo.InvariantCulture, $"disordered: {Count(HistoryChecker.Broken.Disordered)}");
        foreach (var finding in Findings)
        {
            yield return $"  {finding.Text}";
        }
    }
}
