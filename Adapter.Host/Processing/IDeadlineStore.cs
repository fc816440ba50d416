namespace Adapter.Host.Processing;

/// <summary>Deadlines of journeys, on disk with the journeys themselves.</summary>
internal interface IDeadlineStore
{
    /// <summary>Journals an entry for each journey whose deadline is due, and stops its clock, in one commit: a deadline leads to one entry, also across a crash.</summary>
    /// <returns>How many were due.</returns>
    Task<int> FireAsync(DateTimeOffset now, int most, CancellationToken cancellationToken);
}
