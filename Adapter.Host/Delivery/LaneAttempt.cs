using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>One attempt with a lane's head: mark, send or ask, judge, record.</summary>
internal sealed partial class LaneAttempt(
    ILaneStore lanes, ISoapTransport transport, BlipPolicy blips, Breakers breakers, AdapterMetrics metrics, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<LaneAttempt> logger)
{
    private static readonly Func<ILogger, string, string, IDisposable?> Scope = LoggerMessage.DefineScope<string, string>("message {MessageId} about {Subject}");

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private static readonly AttemptEvidence Nothing = new(null, null, null, null, RequestLeft: false, null, ReadOnlyMemory<byte>.Empty, "", TimeSpan.Zero);

    /// <returns>The lane's next head where it may go out at once, otherwise null.</returns>
    public async Task<LaneHead?> RunAsync(LaneHead head, Destination destination, CancellationToken cancellationToken)
    {
        using var scope = Scope(logger, head.MessageId, head.Lane.Subject);
        var purpose = head.State switch
        {
            LaneState.Asking when !destination.Idempotent => AttemptPurpose.Ask,
            LaneState.Answering => AttemptPurpose.Wait,
            _ => AttemptPurpose.Send,
        };
        var startedAt = time.GetUtcNow();
        crash.Reached(CrashPoints.AttemptBeforeMark);
        // The mark is on disk before the first byte leaves, except where a repeat has no second effect.
        var marks = purpose == AttemptPurpose.Send && !destination.Idempotent;
        var (begun, mark) = head.Overtakes ? await lanes.BeginOvertakingAsync(head, purpose, marks, cancellationToken)
            : (true, marks ? await lanes.BeginAsync(head, purpose, cancellationToken) : (long?)null);
        if (!begun)
        {
            return null;
        }

        if (mark is not null)
        {
            crash.Reached(CrashPoints.AttemptMarked);
        }

        var (evidence, move, told) = await TryAsync(head, destination, purpose, cancellationToken);

        if (purpose != AttemptPurpose.Wait)
        {
            breakers.Observe(destination.Name, evidence);
        }

        crash.Reached(purpose == AttemptPurpose.Send ? CrashPoints.AttemptJudged : CrashPoints.InquiryJudged);
        var record = new AttemptRecord(mark, purpose, startedAt, OutcomeOf(move), evidence.HttpStatus, evidence.Detail, evidence.Reply) { ReceiverTold = told };
        var next = await RecordAsync(head, record, move);
        crash.Reached(CrashPoints.OutcomeRecorded);
        Tell(head, destination, record, move);
        return next;
    }

    /// <summary>Whatever goes wrong below is an outcome: an attempt that nobody judges would be made again and again.</summary>
    private async Task<Judged> TryAsync(LaneHead head, Destination destination, AttemptPurpose purpose, CancellationToken cancellationToken)
    {
        try
        {
            return purpose switch
            {
                AttemptPurpose.Send => await SendAsync(head, destination, cancellationToken),
                AttemptPurpose.Ask => await AskAsync(head, destination, cancellationToken),
                _ => new Judged(Nothing with { Detail = "No answer came in time." }, OutcomePolicy.AfterSilence(destination, head.Attempts, time.GetUtcNow()), ReceiverTold: false),
            };
        }
        catch (Exception exception)
        {
            LogFailed(exception, head.MessageId);
            var evidence = Nothing with { RequestLeft = true, Detail = $"The attempt failed inside the adapter: {exception.GetType().Name}: {exception.Message}" };
            return new Judged(evidence, purpose == AttemptPurpose.Send
                ? OutcomePolicy.After(evidence, receipt: null, destination, head.Attempts + 1, time.GetUtcNow())
                : OutcomePolicy.AfterInquiry(evidence, known: null, destination, head.Asked + 1, head.Attempts, time.GetUtcNow()), ReceiverTold: false);
        }
    }

    private async Task<Judged> SendAsync(LaneHead head, Destination destination, CancellationToken cancellationToken)
    {
        var call = new SoapCall(destination, head.Soap, head.Action, head.Body, head.MessageId) { RelatesTo = head.RelatesTo };
        var rule = destination.Reply ?? throw new InvalidOperationException($"{destination.Name} has no rule for its answers.");
        var (evidence, receipt) = ReplyReader.Read(await blips.SendAsync(transport, call, cancellationToken), rule, head.MessageId);
        var move = OutcomePolicy.After(evidence, receipt, destination, head.Attempts + 1, time.GetUtcNow(), uncounted: head.Tries - head.Attempts);
        return new Judged(evidence, move, receipt is { Verdict: Verdict.Accepted or Verdict.Duplicate or Verdict.Rejected });
    }

    private async Task<Judged> AskAsync(LaneHead head, Destination destination, CancellationToken cancellationToken)
    {
        if (destination.Inquiry is not { } inquiry)
        {
            // Its inquiry was taken away while the lane waited to ask: nothing may be repeated on a guess.
            var move = new NextMove.Reconcile($"{destination.Name} can no longer be asked whether the message took effect. Ask customs about the message id.");
            return new Judged(Nothing with { Detail = "Nobody was asked." }, move, ReceiverTold: false);
        }

        var call = InquiryMessage.For(destination, inquiry, head.MessageId);
        var (evidence, known) = ReplyReader.ReadInquiry(await transport.SendAsync(call, cancellationToken), inquiry, head.MessageId);
        return new Judged(evidence, OutcomePolicy.AfterInquiry(evidence, known, destination, head.Asked + 1, head.Attempts, time.GetUtcNow()), ReceiverTold: known is not null);
    }

    /// <summary>Records until it is recorded: what is known of an attempt must not be forgotten because the store is away.</summary>
    private async Task<LaneHead?> RecordAsync(LaneHead head, AttemptRecord record, NextMove move)
    {
        while (true)
        {
            try
            {
                return await lanes.EndAsync(head, record, move, CancellationToken.None);
            }
            catch (Exception exception)
            {
                LogNotRecorded(exception, head.MessageId, StorePause);
                await Task.Delay(StorePause, time);
            }
        }
    }

    private void Tell(LaneHead head, Destination destination, AttemptRecord record, NextMove move)
    {
        metrics.Attempted(destination.Name, record.Outcome);
        switch (move)
        {
            case NextMove.Delivered:
                metrics.Delivered(destination.Name, time.GetUtcNow() - head.ReceivedAt);
                break;
            case NextMove.Park or NextMove.Reconcile when head.Overtakes:
                LogBackInSlot(head.Lane.Destination, head.Lane.Subject, head.Number, evidence: record.Detail);
                break;
            case NextMove.Park park:
                LogParked(head.Lane.Destination, head.Lane.Subject, head.Number, park.Reason);
                break;
            case NextMove.Reconcile reconcile:
                LogUnknown(head.Lane.Destination, head.Lane.Subject, head.Number, reconcile.Reason);
                break;
        }
    }

    /// <summary>The three outcomes; the fourth word says that an inquiry found nothing.</summary>
    private static string OutcomeOf(NextMove move) => move switch
    {
        NextMove.Delivered => "delivered",
        NextMove.Await => "acknowledged",
        NextMove.Park { OutcomeUnknown: false } => "rejected",
        NextMove.RetryAt { OutcomeUnknown: false } => "not-delivered",
        _ => "unknown",
    };

    [LoggerMessage(6003, LogLevel.Warning, "Lane {Destination} / {Subject} is parked at number {Number}: {Reason} Its followers wait; other lanes go on. Replay or skip it at /api/lanes.")]
    private partial void LogParked(string destination, string subject, long number, string reason);

    [LoggerMessage(6004, LogLevel.Warning, "Lane {Destination} / {Subject} waits for a person at number {Number}: {Reason} Reconcile it at /api/lanes.")]
    private partial void LogUnknown(string destination, string subject, long number, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "Number {Number} of lane {Destination} / {Subject} went before its turn in vain and goes again when its turn comes: {Evidence}")]
    private partial void LogBackInSlot(string destination, string subject, long number, string evidence);

    [LoggerMessage(6005, LogLevel.Error, "The outcome of message {MessageId} is not recorded yet; trying again in {Pause}.")]
    private partial void LogNotRecorded(Exception exception, string messageId, TimeSpan pause);

    [LoggerMessage(6006, LogLevel.Error, "An attempt with message {MessageId} failed inside the adapter; its outcome counts as unknown.")]
    private partial void LogFailed(Exception exception, string messageId);

    /// <param name="ReceiverTold">As <see cref="AttemptRecord.ReceiverTold"/>.</param>
    private sealed record Judged(AttemptEvidence Evidence, NextMove Move, bool ReceiverTold);
}
