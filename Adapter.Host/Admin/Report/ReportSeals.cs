using Adapter.Host.Journeys;
using Adapter.Host.Verification;

namespace Adapter.Host.Admin.Report;

/// <summary>Each seal of a journey and what was seen of it.</summary>
internal static class ReportSeals
{
    public static IReadOnlyList<SealLine> Of(SubjectState state) => [.. Declared(state), .. Locks(state)];

    private static IEnumerable<SealLine> Declared(SubjectState state) =>
        from container in state.Journey!.Registration.Containers
        from seal in container.Seals
        select new SealLine(seal.Number, IsLock: false, container.Number,
        [
            .. from seen in state.Observations
               from found in seen.Containers
               from its in found.Seals
               where Words.Plain(its.Number) == Words.Plain(seal.Number)
               select $"{Words.Who(seen)}: {its.Condition}",
        ]);

    private static IEnumerable<SealLine> Locks(SubjectState state) =>
        from track in state.Tracks
        select new SealLine(
            track.SubLock is null ? track.Lock.Value : $"{track.Lock.Value}/{track.SubLock}", IsLock: true,
            state.Journey!.Registration.Locks.FirstOrDefault(l => l.Lock == track.Lock)?.Container,
            [.. track.Sealed.Runs.Select(run => $"{(run.Value ? "sealed" : "open")} {Words.When(run.First.At)} to {Words.When(run.Last.At)}")]);
}
