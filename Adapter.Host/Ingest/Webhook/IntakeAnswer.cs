namespace Adapter.Host.Ingest.Webhook;

/// <summary>What became of a request's records. All of them are on disk, the quarantined ones too.</summary>
/// <param name="Accepted">Stored as new, revisions and conflicts included.</param>
/// <param name="Duplicate">Copies of records that the journal had.</param>
/// <param name="Quarantined">Elements that cannot be read; kept for people to look at, and not to be sent again.</param>
internal sealed record IntakeAnswer(int Accepted, int Duplicate, IReadOnlyList<QuarantinedElement> Quarantined);

internal sealed record QuarantinedElement(int Index, string Reason);
