using System.Text.Json;
using Adapter.Host.Storage;

namespace Adapter.Host.Journeys;

/// <summary>Reads subjects for people and checks; only the processor writes them.</summary>
internal interface IJourneyReader
{
    Task<SubjectState?> FindAsync(Subject subject, CancellationToken cancellationToken);

    Task<IReadOnlyList<JourneyLine>> ListAsync(string? mrn, string? status, int most, CancellationToken cancellationToken);

    /// <summary>Locks with findings that wait for a person, though no journey owned them; the latest first.</summary>
    Task<IReadOnlyList<SubjectState>> SuspiciousLocksAsync(int most, CancellationToken cancellationToken);
}

internal sealed record JourneyLine(string Id, string Status, string? Mrn, string? ManifestNumber, DateTimeOffset UpdatedAt);

/// <inheritdoc cref="IJourneyReader"/>
internal sealed class SqlJourneyReader(StoreDatabase database) : IJourneyReader
{
    public Task<SubjectState?> FindAsync(Subject subject, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Query(
            "SELECT state, version FROM subjects WHERE subject = ?1",
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), JourneyJson.Default.SubjectState)! with { Version = row.GetInt64(1) },
            subject.ToString()).SingleOrDefault());
    }

    public Task<IReadOnlyList<JourneyLine>> ListAsync(string? mrn, string? status, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<JourneyLine>>(session.Query(
            """
            SELECT subject, status, mrn, manifest_number, updated_at FROM subjects
            WHERE kind = 'Journey' AND (mrn = ?1 OR ?1 IS NULL) AND (status = ?2 OR ?2 IS NULL) ORDER BY updated_at DESC LIMIT ?3
            """,
            row => new JourneyLine(Subject.Parse(row.GetString(0)).Id, row.GetString(1), row.GetStringOrNull(2), row.GetStringOrNull(3), row.GetInstant(4)),
            mrn, status, most));
    }

    public Task<IReadOnlyList<SubjectState>> SuspiciousLocksAsync(int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<SubjectState>>(session.Query(
            "SELECT state FROM subjects WHERE kind = 'Lock' AND status = 'suspicious' ORDER BY updated_at DESC LIMIT ?1",
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), JourneyJson.Default.SubjectState)!, most));
    }
}
