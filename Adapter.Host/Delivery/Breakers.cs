using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>One breaker per destination: after some attempts in a row without an answer, its lanes rest until it can be reached again.</summary>
/// <remarks>
/// In memory: after a restart each destination has another chance. While a breaker is open nothing is attempted, so an outage costs no lane an attempt,
/// and no further message gets an unknown outcome. A probe closes it half: one message goes, and its answer opens the way for the others.
/// </remarks>
internal sealed class Breakers([FromKeyedServices(StoreClock.Key)] TimeProvider time)
{
    /// <summary>Attempts in a row without an answer.</summary>
    public const int Threshold = 5;

    /// <summary>A probe has no effect at the receiver, so it goes on twice a minute.</summary>
    private const int ProbeStepLimit = 2;

    /// <summary>A message sent on trial may end unknown, so trials that fail become rare.</summary>
    private const int TrialStepLimit = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Breaker> _breakers = new(StringComparer.Ordinal);

    /// <summary>How many lanes may be served at the same time now.</summary>
    public int Places(Destination destination)
    {
        lock (_gate)
        {
            return Of(destination.Name) switch
            {
                { OpenUntil: not null } => 0,
                { OnTrial: true } => 1,
                _ => destination.Concurrency,
            };
        }
    }

    /// <summary>Takes the evidence of an attempt into account.</summary>
    public void Observe(string destination, AttemptEvidence evidence)
    {
        lock (_gate)
        {
            var breaker = Of(destination);
            if (HasAnswered(evidence))
            {
                (breaker.Failures, breaker.OpenUntil, breaker.OnTrial, breaker.Trials) = (0, null, false, 0);
            }
            else if (++breaker.Failures >= Threshold || breaker.OnTrial)
            {
                breaker.Trials += breaker.OnTrial ? 1 : 0;
                breaker.OnTrial = false;
                breaker.Since ??= time.GetUtcNow();
                breaker.Reason = evidence.Detail;
                Rest(breaker, Math.Clamp(breaker.Trials + 1, 1, TrialStepLimit));
            }

            if (breaker is { OpenUntil: null, OnTrial: false })
            {
                breaker.Since = null;
            }
        }
    }

    /// <summary>Takes the right to probe, when it is time.</summary>
    public bool TryBeginProbe(string destination)
    {
        lock (_gate)
        {
            var breaker = Of(destination);
            if (breaker.Probing || breaker.OpenUntil is not { } until || until > time.GetUtcNow())
            {
                return false;
            }

            return breaker.Probing = true;
        }
    }

    public void EndProbe(string destination, string? problem)
    {
        lock (_gate)
        {
            var breaker = Of(destination);
            breaker.Probing = false;
            if (problem is null)
            {
                (breaker.OpenUntil, breaker.OnTrial, breaker.Probes) = (null, true, 0);
                return;
            }

            breaker.Reason = problem;
            Rest(breaker, Math.Clamp(++breaker.Probes, 1, ProbeStepLimit));
        }
    }

    /// <summary>When the next probe of a resting destination is due; null where none rests.</summary>
    public DateTimeOffset? NextProbe()
    {
        lock (_gate)
        {
            return _breakers.Values.Where(b => !b.Probing).Min(b => b.OpenUntil);
        }
    }

    public BreakerView View(string destination)
    {
        lock (_gate)
        {
            var breaker = Of(destination);
            return new BreakerView(breaker.OpenUntil is not null ? "open" : breaker.OnTrial ? "trial" : "closed", breaker.Since, breaker.OpenUntil, breaker.Since is null ? null : breaker.Reason);
        }
    }

    /// <summary>Anything that the receiver's own software says is an answer, a refusal too. A busy server or a gateway says that it is not there.</summary>
    internal static bool HasAnswered(AttemptEvidence evidence) =>
        evidence is { RequestLeft: true, HttpStatus: not (null or 429 or 502 or 503 or 504) } || evidence.Answer is not null;

    private void Rest(Breaker breaker, int step) => breaker.OpenUntil = time.GetUtcNow() + Backoff.Delay(step, (ulong)time.GetUtcNow().UtcTicks);

    private Breaker Of(string destination)
    {
        if (!_breakers.TryGetValue(destination, out var breaker))
        {
            _breakers[destination] = breaker = new Breaker();
        }

        return breaker;
    }

    private sealed class Breaker
    {
        public int Failures { get; set; }

        public int Probes { get; set; }

        public int Trials { get; set; }

        public bool OnTrial { get; set; }

        public bool Probing { get; set; }

        public DateTimeOffset? OpenUntil { get; set; }

        public DateTimeOffset? Since { get; set; }

        public string? Reason { get; set; }
    }
}

/// <param name="State"><c>closed</c>: messages go. <c>open</c>: nothing goes until a probe succeeds. <c>trial</c>: one message goes.</param>
/// <param name="Since">Since when it is not closed.</param>
internal sealed record BreakerView(string State, DateTimeOffset? Since, DateTimeOffset? NextProbe, string? Reason);
