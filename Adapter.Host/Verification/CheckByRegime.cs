using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>A check as the settings want it under each regime.</summary>
internal sealed class CheckByRegime(ICheck check, IReadOnlyDictionary<Regime, RegimeRules> regimes) : ICheck
{
    public string Code => check.Code;

    public Severity Ordinary => check.Ordinary;

    public string Kind => check.Kind;

    public bool IsOfLocks => check.IsOfLocks;

    public bool AppliesTo(Regime regime) => check.AppliesTo(regime) && !(regimes.TryGetValue(regime, out var rules) && rules.Without.Contains(Code));

    public Severity SeverityUnder(Regime regime) => regimes.TryGetValue(regime, out var rules) && rules.Severities.TryGetValue(Code, out var wanted) ? wanted : check.SeverityUnder(regime);

    public IEnumerable<Contradiction> Check(SubjectState journey) => check.Check(journey);
}
