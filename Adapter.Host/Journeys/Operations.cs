namespace Adapter.Host.Journeys;

/// <summary>Names under which acts stand in the journal.</summary>
internal static class Operations
{
    public const string RegisterJourney = "register-journey";
    public const string CloseJourney = "close-journey";
    public const string JudgeFinding = "judge-finding";
    public const string Deadline = "deadline";
    public const string RegisterManifest = "register-manifest";
    public const string AmendMovement = "amend-movement";
    public const string ReportObservation = "report-observation";
    public const string ConfirmDeparture = "confirm-departure";
    public const string ConfirmArrival = "confirm-arrival";
    public const string AuthoriseUnseal = "authorise-unseal";
}
