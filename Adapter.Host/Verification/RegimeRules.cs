using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>What a regime wants otherwise than the others. Bound from <c>Verification:Regimes:{regime}</c>.</summary>
internal sealed class RegimeRules
{
    /// <summary>Checks that it does not ask for, by code.</summary>
    public List<string> Without { get; } = [];

    /// <summary>How severe a check's findings are under it, by code.</summary>
    public Dictionary<string, Severity> Severities { get; } = new(StringComparer.Ordinal);
}
