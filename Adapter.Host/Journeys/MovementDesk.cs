using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Adapter.Contracts.Customs;
using Adapter.Host.Journal;
using Adapter.Host.Storage;

namespace Adapter.Host.Journeys;

/// <summary>What customs tell us of manifests and movements, for every door alike: checked, journalled, answered.</summary>
/// <remarks>The requests are those of <see cref="ITransitRegistrationService"/>; a door adds who calls and turns the answer into its own form.</remarks>
internal sealed class MovementDesk(ActDesk desk, IJourneyReader journeys, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
{
    public Task<MovementAnswer> RegisterManifestAsync(RegisterManifestRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.Check(request, time.GetUtcNow()), EntryKind.Document, Operations.RegisterManifest, request, CustomsJson.Default.RegisterManifestRequest, actor, cancellationToken);

    public Task<MovementAnswer> RegisterMovementAsync(RegisterMovementRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var errors = RequestRules.CheckMovement(request, time.GetUtcNow());
        return errors.Count > 0 ? Refuse(errors) : TakeAsync(
            errors, EntryKind.Registration, Operations.RegisterJourney, WireJourney.Of(request), JourneyJson.Default.JourneyRegistration, actor, cancellationToken);
    }

    public Task<MovementAnswer> AmendMovementAsync(AmendMovementRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.Check(request, time.GetUtcNow()), EntryKind.Amendment, Operations.AmendMovement, request, CustomsJson.Default.AmendMovementRequest, actor, cancellationToken);

    public Task<MovementAnswer> ReportObservationAsync(ReportObservationRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.Check(request, time.GetUtcNow()), EntryKind.Observation, Operations.ReportObservation, request, CustomsJson.Default.ReportObservationRequest, actor, cancellationToken);

    public Task<MovementAnswer> AuthoriseUnsealAsync(AuthoriseUnsealRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.Check(request, time.GetUtcNow()), EntryKind.UnsealOrder, Operations.AuthoriseUnseal, request, CustomsJson.Default.AuthoriseUnsealRequest, actor, cancellationToken);

    public Task<MovementAnswer> ConfirmDepartureAsync(ConfirmDepartureRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.CheckConfirmation(request.MovementId, request.Observer, request.At, request.Office, request.Seen, time.GetUtcNow()),
        EntryKind.Observation, Operations.ConfirmDeparture, request, CustomsJson.Default.ConfirmDepartureRequest, actor, cancellationToken);

    public Task<MovementAnswer> ConfirmArrivalAsync(ConfirmArrivalRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.CheckConfirmation(request.MovementId, request.Observer, request.At, request.Office, request.Seen, time.GetUtcNow()),
        EntryKind.Observation, Operations.ConfirmArrival, request, CustomsJson.Default.ConfirmArrivalRequest, actor, cancellationToken);

    public Task<MovementAnswer> CloseMovementAsync(CloseMovementRequest request, Actor actor, CancellationToken cancellationToken) => TakeAsync(
        RequestRules.Check(request, time.GetUtcNow()), EntryKind.OperatorAct, Operations.CloseJourney, new CloseJourney(request.MovementId, request.Reason),
        JourneyJson.Default.CloseJourney, actor, cancellationToken);

    public async Task<MovementStatus> QueryMovementAsync(QueryMovementRequest request, CancellationToken cancellationToken) =>
        await journeys.FindAsync(Subject.OfJourney(request.MovementId), cancellationToken) is { Journey: { } journey } state
            ? new MovementStatus
            {
                MovementId = request.MovementId,
                Found = true,
                Status = JourneyStatus.Of(state),
                Mrn = journey.Registration.Mrn,
                ManifestNumber = journey.Registration.ManifestNumber,
                Milestones = [.. Milestones.Of(state).Select(m => new MilestoneStatus
                {
                    Name = m.Name,
                    State = m.State.ToString(),
                    Evidence = [.. m.Evidence.OrderBy(e => e.Key).Select(e => new EvidenceStatus { Side = e.Key.ToString(), At = e.Value.At })],
                })],
                Findings = [.. state.Findings.Select(f => new FindingStatus
                {
                    Key = f.Key, Code = f.Code, Severity = f.Severity.ToString(), State = f.State.ToString(), Text = f.Text, OpenedAt = f.OpenedAt,
                })],
            }
            : new MovementStatus { MovementId = request.MovementId };

    private static Task<MovementAnswer> Refuse(IReadOnlyList<FieldError> errors) => Task.FromResult(new MovementAnswer(null, new RegistrationFault
    {
        Code = "request.invalid",
        Text = $"Nothing was kept: {string.Join(" ", errors.Select(e => $"{e.Path}: {e.Message}"))}",
        Fields = [.. errors],
    }));

    private async Task<MovementAnswer> TakeAsync<T>(
        IReadOnlyList<FieldError> errors, EntryKind kind, string operation, T body, JsonTypeInfo<T> type, Actor actor, CancellationToken cancellationToken)
    {
        if (errors.Count > 0)
        {
            return await Refuse(errors);
        }

        var answer = await desk.ActAsync(kind, operation, JsonSerializer.SerializeToUtf8Bytes(body, type), actor, cancellationToken);
        return new MovementAnswer(new RegistrationReceipt { Entry = answer.Entry, Accepted = answer.Accepted, Pending = answer.Pending, Code = answer.Code, Text = answer.Text }, null);
    }
}

/// <summary>A receipt, or the fault that says why nothing was kept.</summary>
internal sealed record MovementAnswer(RegistrationReceipt? Receipt, RegistrationFault? Fault);
