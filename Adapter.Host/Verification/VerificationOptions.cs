using System.ComponentModel.DataAnnotations;
using Adapter.Contracts.Transit;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Verification;

/// <summary>From when on a difference is a finding. Bound from <c>Verification</c>.</summary>
internal sealed class VerificationOptions : IValidatableObject
{
    /// <summary>A stop where none is planned, longer than this. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00")]
    public TimeSpan StopAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same with dangerous or special goods. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00")]
    public TimeSpan DangerousStopAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long nobody may know where a moving lock is. Default 1 hour; locks asleep report every 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "2.00:00:00")]
    public TimeSpan SilentWhileMoving { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a position tells whether a lock is in an office's area, before and after it. Default 15 minutes: lorries cover 20 kilometres in that time,
    /// which is more than any office's surroundings, and a lock that is awake reports several times.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan PlaceKnownFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How far apart a lock's positions before and after silence must be to have moved. Default 2000 metres.</summary>
    [Range(100.0, 100_000.0)]
    public double MovedMetres { get; set; } = 2_000;

    /// <summary>Difference of weight that scales explain, in percent of what is declared. Default 2.</summary>
    [Range(0.0, 50.0)]
    public double WeightTolerancePercent { get; set; } = 2;

    /// <summary>The most that vehicle and trailer weigh, which a weighbridge without a tare adds. Default 25000 kg.</summary>
    [Range(0.0, 100_000.0)]
    public double MostTareKg { get; set; } = 25_000;

    /// <summary>
    /// The offices that customs have, by code, each with a name for those who read the settings. Empty by default: then no office is unknown.
    /// Codes are compared by letters and digits alone.
    /// </summary>
    public Dictionary<string, string> Offices { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What regimes want otherwise. Empty by default: all checks, with dangerous and special goods all critical.</summary>
    public Dictionary<Regime, RegimeRules> Regimes { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var code in Offices.Keys.Where(code => code.Length > 17 || Words.Plain(code).Length == 0))
        {
            yield return new ValidationResult($"'{code}' is not the code of an office: 1 to 17 characters with a letter or a digit among them.", [nameof(Offices)]);
        }

        var codes = Checks.All(new VerificationOptions()).Where(check => !check.IsOfLocks).Select(check => check.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var (regime, rules) in Regimes)
        {
            if (SeverityPolicy.IsSensitive(regime))
            {
                yield return new ValidationResult($"Under {regime} every finding is critical and no check is left out. Remove the rules for it.", [nameof(Regimes)]);
            }

            foreach (var unknown in rules.Without.Concat(rules.Severities.Keys).Where(code => !codes.Contains(code)))
            {
                yield return new ValidationResult($"{regime}: there is no check '{unknown}'. There are {string.Join(", ", codes.Order(StringComparer.Ordinal))}.", [nameof(Regimes)]);
            }
        }
    }

    public TimeSpan StopAfterOf(Regime regime) => SeverityPolicy.IsSensitive(regime) ? DangerousStopAfter : StopAfter;
}

[OptionsValidator]
internal sealed partial class VerificationOptionsValidator : IValidateOptions<VerificationOptions>;
