namespace Adapter.Host.Observability;

/// <summary>Told at each place where a crash would be the most awkward. The host does nothing there; a test lets the process die.</summary>
internal interface ICrashPoint
{
    /// <param name="point">One of <see cref="CrashPoints"/>.</param>
    void Reached(string point);
}

/// <summary>All places that <see cref="ICrashPoint"/> is told of, in the order of the flow.</summary>
/// <remarks>The crash tests have a row for each; one that is never reached turns its row red.</remarks>
internal static class CrashPoints
{
    /// <summary>In a migration's transaction, before its first statement.</summary>
    public const string MigrationBegun = "migration.begun";

    /// <summary>The migration's statements have run; it is not written down as applied.</summary>
    public const string MigrationRun = "migration.run";

    /// <summary>The migration is written down as applied; not committed.</summary>
    public const string MigrationRecorded = "migration.recorded";

    /// <summary>A migration is committed, the next not begun.</summary>
    public const string MigrationCommitted = "migration.committed";

    /// <summary>One destination of the settings is in the store, in a transaction that is still open.</summary>
    public const string Seeding = "seed.one";

    public const string Seeded = "seed.committed";

    /// <summary>The source is known, the body not read.</summary>
    public const string IntakeAuthenticated = "intake.authenticated";

    public const string IntakeBodyRead = "intake.body-read";

    /// <summary>The records are read and ready for the journal.</summary>
    public const string IntakeBeforeAppend = "intake.before-append";

    /// <summary>The records are on disk, the sender does not know it.</summary>
    public const string IntakeBeforeAnswer = "intake.before-answer";

    public const string WriterBegun = "writer.begun";

    /// <summary>One write of a group has run, the next has not.</summary>
    public const string WriterBetweenWrites = "writer.between-writes";

    public const string WriterBeforeCommit = "writer.before-commit";

    /// <summary>Committed, and nobody who waits for it has been told.</summary>
    public const string WriterCommitted = "writer.committed";

    public const string BatchClaimed = "batch.claimed";

    public const string BatchLoaded = "batch.loaded";

    public const string BatchDecided = "batch.decided";

    /// <summary>In the save: states are written, messages are not.</summary>
    public const string BatchStatesSaved = "batch.states-saved";

    /// <summary>In the save: all but the checkpoint is written.</summary>
    public const string BatchBeforeCheckpoint = "batch.before-checkpoint";

    /// <summary>Committed; delivery and callers have not been woken.</summary>
    public const string BatchSaved = "batch.saved";

    /// <summary>In the transaction that puts an entry aside: the entry is, the checkpoint has not moved.</summary>
    public const string EntryParking = "entry.parking";

    public const string EntryParked = "entry.parked";

    /// <summary>At start: nothing is known yet of attempts that nobody ended.</summary>
    public const string RecoveryBegins = "recovery.begins";

    /// <summary>In the recovery's transaction: an attempt is ended as unknown, its lane has not moved.</summary>
    public const string RecoveryBetween = "recovery.between";

    public const string Recovered = "recovery.committed";

    /// <summary>A lane is taken up, its attempt not begun.</summary>
    public const string LaneClaimed = "lane.claimed";

    public const string AttemptBeforeMark = "attempt.before-mark";

    /// <summary>The mark is on disk, no byte has left.</summary>
    public const string AttemptMarked = "attempt.marked";

    /// <summary>Connected; the first byte leaves next.</summary>
    public const string AttemptLeaving = "attempt.leaving";

    /// <summary>The receiver has begun to answer, the answer is not read.</summary>
    public const string AttemptAnswered = "attempt.answered";

    /// <summary>The answer is judged, its outcome known in memory alone.</summary>
    public const string AttemptJudged = "attempt.judged";

    /// <summary>The receiver has told what became of a message, which is known in memory alone.</summary>
    public const string InquiryJudged = "inquiry.judged";

    /// <summary>In the outcome's transaction: the attempt is ended, its lane has not moved.</summary>
    public const string OutcomeBetween = "outcome.between";

    public const string OutcomeRecorded = "outcome.committed";

    /// <summary>What the host uses.</summary>
    public static ICrashPoint None { get; } = new Nowhere();

    private sealed class Nowhere : ICrashPoint
    {
        public void Reached(string point)
        {
        }
    }
}
