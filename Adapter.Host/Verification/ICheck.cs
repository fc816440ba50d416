using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Holds one flow of a journey against another. Pure: the same facts give the same findings.</summary>
internal interface ICheck
{
    /// <summary>Stable code, <c>area.what</c>; listed in ARCHITECTURE.md with the way out.</summary>
    string Code { get; }

    /// <summary>What contradicts what, as known now; nothing when all agrees.</summary>
    IEnumerable<Contradiction> Check(SubjectState journey);
}

/// <param name="Key">Stable within the check: which thing it is about.</param>
/// <param name="Text">Plain sentence that names both sides' values.</param>
internal sealed record Contradiction(string Key, string Text);

/// <summary>How severe a finding is under a regime.</summary>
internal static class SeverityPolicy
{
    public static Severity Of(Regime regime, Severity ordinary) => regime is Regime.DangerousGoods or Regime.SpecialGoods ? Severity.Critical : ordinary;
}
