using System.Globalization;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Host.Delivery.Outcomes;

/// <summary>Decides what follows from the evidence of one attempt. Pure.</summary>
/// <remarks>
/// Three outcomes are told apart. <em>Delivered</em> needs a receipt that names the message. <em>Not delivered</em> needs certainty: no byte had left, or the
/// receiver refused in a way that precedes any effect. Everything else is <em>unknown</em>, and so is a Server or Receiver fault: it may be raised
/// after the effect, on the way back. An unknown outcome is repeated only where that has no second effect, or is asked about, or waits for a person.
/// </remarks>
internal static class OutcomePolicy
{
    /// <summary>The receiver is not there or not at this address: somebody has to change something, so hurrying does not help.</summary>
    private static readonly TimeSpan SlowRetry = TimeSpan.FromMinutes(10);

    /// <summary>Trying to connect has no effect at the receiver, and a system that comes back should not wait an hour for its messages.</summary>
    private const int UnreachedStepLimit = 3;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <param name="attempt">Number of this attempt among those that count, from 1.</param>
    /// <param name="uncounted">Attempts directly before this one that did not count; their waits grow too.</param>
    public static NextMove After(AttemptEvidence evidence, Receipt? receipt, Destination destination, int attempt, DateTimeOffset now, int uncounted = 0)
    {
        var seed = (ulong)now.UtcTicks;
        return (receipt, evidence) switch
        {
            ({ Verdict: Verdict.Accepted }, _) => new NextMove.Delivered(Duplicate: false),
            ({ Verdict: Verdict.Duplicate }, _) => new NextMove.Delivered(Duplicate: true),
            ({ Verdict: Verdict.Acknowledged }, _) when destination.Settles == Settlement.Technical => new NextMove.Delivered(Duplicate: false),
            ({ Verdict: Verdict.Acknowledged }, _) => new NextMove.Await(now + destination.AnswerWithin, $"{destination.Name} has received the message; its answer is waited for."),
            ({ Verdict: Verdict.Rejected } refused, _) => new NextMove.Park(Refusal(refused)),
            ({ } strange, _) => Unknown($"The receipt has code {Short(strange.Code, 35)}, which is in none of the destination's lists. Ask customs what it means and add it to {destination.Name}."),

            (_, { RequestLeft: false }) => NotCounted(Backoff.Delay(Math.Min(uncounted + 1, UnreachedStepLimit), seed), evidence.Detail),
            (_, { HttpStatus: 429 or 503 }) => NotCounted(Asked(evidence.RetryAfter) ?? Backoff.Delay(uncounted + 1, seed), $"{evidence.Detail} It is too busy to take messages."),
            (_, { HttpStatus: 401 or 403 }) => new NextMove.Park(
                $"{evidence.Detail} It does not accept the adapter's credentials. Correct the credentials of {destination.Name} or have them admitted there, then replay."),
            (_, { HttpStatus: 404 or 301 or 302 or 307 or 308 }) => Counted(Later(SlowRetry, Backoff.Delay(attempt, seed)), outcomeUnknown: false,
                $"{evidence.Detail} Nothing takes messages at {destination.Endpoint?.AbsolutePath}. Check the endpoint of {destination.Name}."),

            (_, { Fault: { } fault }) when BlamesTheRequest(fault) => new NextMove.Park(
                $"{evidence.Detail} The receiver says that the message itself is wrong. Correct the mapping or the data, then replay as a new revision."),
            (_, { Fault: not null }) => Unknown($"{evidence.Detail} The receiver may have failed before or after it acted on the message."),
            (_, { HttpStatus: { } status }) when RefusedUnread(status) => new NextMove.Park(
                $"{evidence.Detail} The receiver refuses the request as it is. Check SOAP version, action and document of {destination.Name}, then replay."),
            _ => Unknown(evidence.Detail),
        };

        NextMove NotCounted(TimeSpan wait, string reason) => new NextMove.RetryAt(now + wait, CountsAsAttempt: false, reason);

        NextMove Counted(TimeSpan wait, bool outcomeUnknown, string reason) => attempt < destination.MaxAttempts
            ? new NextMove.RetryAt(now + wait, CountsAsAttempt: true, reason, outcomeUnknown)
            : new NextMove.Park(
                string.Create(CultureInfo.InvariantCulture, $"Gave up after {attempt} of {destination.MaxAttempts} attempts. {reason}")
                + (outcomeUnknown ? " Whether customs has the message is unknown: replay it unchanged, or ask customs first." : ""),
                outcomeUnknown);

        NextMove Unknown(string reason) => destination switch
        {
            { Idempotent: true } => Counted(Later(Asked(evidence.RetryAfter) ?? TimeSpan.Zero, Backoff.Delay(attempt, seed)), outcomeUnknown: true, reason),
            { Inquiry: not null } when attempt >= destination.MaxAttempts => Counted(TimeSpan.Zero, outcomeUnknown: true, reason),
            { Inquiry: not null } => new NextMove.Ask(now + destination.AttemptTimeout, reason),
            _ => new NextMove.Reconcile($"{reason} Only customs know whether it took effect. Ask them about the message id, then mark it delivered or send it again."),
        };
    }

    /// <summary>Decides when an acknowledged message was not answered in time.</summary>
    /// <param name="attempts">Attempts made so far that count.</param>
    public static NextMove AfterSilence(Destination destination, int attempts, DateTimeOffset now)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"{destination.Name} acknowledged the message and did not say within {destination.AnswerWithin:g} what became of it.");
        return destination switch
        {
            { Inquiry: not null } => new NextMove.Ask(now, reason),
            { Idempotent: true } when attempts < destination.MaxAttempts => new NextMove.RetryAt(now, CountsAsAttempt: false, reason, OutcomeUnknown: true),
            { Idempotent: true } => new NextMove.Park($"{reason} Whether it took effect is unknown: replay it unchanged, or ask customs first.", OutcomeUnknown: true),
            _ => new NextMove.Reconcile($"{reason} Ask them about the message id, then mark it delivered or send it again."),
        };
    }

    /// <summary>What a later rejection says in a lane's reason.</summary>
    public static string LateRefusal(Receipt receipt) => $"{Refusal(receipt)} The answer came after the message had been acknowledged.";

    /// <summary>Decides after the receiver was asked.</summary>
    /// <param name="evidence">What came of asking.</param>
    /// <param name="known">True: took effect. False: certainly never arrived. Null: asking did not tell.</param>
    /// <param name="asked">How often the receiver has answered since the last attempt without telling, this time included.</param>
    /// <param name="attempts">Attempts made so far that count.</param>
    public static NextMove AfterInquiry(AttemptEvidence evidence, bool? known, Destination destination, int asked, int attempts, DateTimeOffset now) => known switch
    {
        true => new NextMove.Delivered(Duplicate: false),
        false => new NextMove.RetryAt(now + Backoff.Delay(Math.Max(attempts, 1), (ulong)now.UtcTicks), CountsAsAttempt: true, $"{destination.Name} does not know the message, so it is sent again unchanged."),
        null when evidence.RequestLeft && asked >= destination.MaxAttempts => new NextMove.Reconcile(string.Create(CultureInfo.InvariantCulture,
            $"{destination.Name} was asked {asked} times and did not tell whether the message took effect. {evidence.Detail} Ask customs about the message id.")),
        null => new NextMove.Ask(
            now + Later(Asked(evidence.RetryAfter) ?? TimeSpan.Zero, Backoff.Delay(evidence.RequestLeft ? asked : Math.Min(asked, UnreachedStepLimit), (ulong)now.UtcTicks)),
            $"{destination.Name} could not be asked yet. {evidence.Detail}"),
    };

    /// <summary>The whole answer is kept with the attempt; a reason is read on a screen.</summary>
    private static string Refusal(Receipt receipt) => string.IsNullOrEmpty(receipt.Text)
        ? $"Customs refused the message with code {Short(receipt.Code, 35)}."
        : $"Customs refused the message with code {Short(receipt.Code, 35)}: {Short(receipt.Text, 300)}";

    private static string Short(string text, int most) => text.Length <= most ? text : text[..most] + "…";

    /// <summary>Client, Sender and the codes that forbid processing. A dotted code of SOAP 1.1 is told by its beginning.</summary>
    private static bool BlamesTheRequest(SoapFault fault) =>
        fault.Code.Split('.')[0] is "Client" or "Sender" or "MustUnderstand" or "VersionMismatch" or "DataEncodingUnknown";

    /// <summary>
    /// Statuses that say the request was judged and refused, or never reached the application. Not 408, 409 and 406: they may follow an effect.
    /// </summary>
    private static bool RefusedUnread(int status) => status is 400 or 405 or 407 or 410 or 411 or 413 or 414 or 415 or 417 or 421 or 422 or 426 or 431;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>What the receiver asked for, but not a hot loop and not for ever.</summary>
    private static TimeSpan? Asked(TimeSpan? retryAfter) => retryAfter is { } wait
        ? Later(TimeSpan.FromSeconds(1), wait < LongestRetryAfter ? wait : LongestRetryAfter)
        : null;
}
