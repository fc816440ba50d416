using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Holds one flow of a journey against another. Pure: the same facts give the same findings.</summary>
/// <remarks>
/// What it can look at stands in <see cref="SubjectState"/>: document flow in <c>Manifest</c> and <c>Journey.Registration</c>, information flow in <c>Assertions</c> of the
/// transportation system and <c>Journey.Amendments</c>, goods flow in <c>Tracks</c>, <c>Episodes</c>, <c>Observations</c> and the other <c>Assertions</c>; <c>Orders</c> say what may be opened.
/// </remarks>
internal interface ICheck
{
    /// <summary>Stable code, <c>area.what</c>; listed in ARCHITECTURE.md with the way out.</summary>
    string Code { get; }

    /// <summary>How severe it is where the regime says nothing else.</summary>
    Severity Ordinary => Severity.Warning;

    /// <summary>The kind under which receivers are told of it.</summary>
    string Kind => EventKinds.Finding;

    /// <summary>True where it looks at locks that no journey owns, false where it looks at journeys.</summary>
    bool IsOfLocks => false;

    /// <summary>Whether the regime asks for this check at all.</summary>
    bool AppliesTo(Regime regime) => true;

    /// <summary>How severe it is under a regime.</summary>
    Severity SeverityUnder(Regime regime) => SeverityPolicy.Of(regime, Ordinary);

    /// <summary>What contradicts what, as known now; nothing when all agrees.</summary>
    IEnumerable<Contradiction> Check(SubjectState journey);
}

/// <param name="Key">Stable within the check: which thing it is about. Never a value that a later report can change.</param>
/// <param name="Text">Plain sentence that names both sides' values.</param>
internal sealed record Contradiction(string Key, string Text)
{
    /// <summary>When and where, as receivers are told; null where it is about the papers alone.</summary>
    public Sighting? Seen { get; init; }

    /// <summary>For what lasts: from when to when. <see cref="Key"/> may then name its beginning, which late data can move.</summary>
    public Lasting? Lasting { get; init; }
}

/// <summary>How severe a finding is under a regime where the settings say nothing else.</summary>
internal static class SeverityPolicy
{
    public static Severity Of(Regime regime, Severity ordinary) => IsSensitive(regime) ? Severity.Critical : ordinary;

    /// <summary>With these goods every stop and every opening matters.</summary>
    public static bool IsSensitive(Regime regime) => regime is Regime.DangerousGoods or Regime.SpecialGoods;
}
