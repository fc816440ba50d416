using System.Globalization;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>The goods weigh what the documents say, and at the end what they weighed at the beginning.</summary>
/// <remarks>A weighbridge may have weighed the vehicle too: there only what is too light, or heavier than any vehicle explains, is a contradiction.</remarks>
internal sealed class Weight(VerificationOptions options) : ICheck
{
    public string Code => "cargo.weight-differs";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Manifest is { } manifest)
        {
            foreach (var seen in journey.Observations)
            {
                if (Documents.CoversOneMovement(journey) && manifest.GrossMassKg is { } declared && seen.GrossMassKg is { } weighed && Differs(declared, weighed, seen.Side))
                {
                    yield return new Contradiction($"all/{Words.Key(seen)}", $"Manifest {manifest.Number} names {Kilograms(declared)}, but {Words.Who(seen)} weighed {Kilograms(weighed)}.");
                }

                foreach (var (listed, found) in Documents.SeenOf(manifest, seen))
                {
                    if (listed.GrossMassKg is { } inside && found.GrossMassKg is { } there && Differs(inside, there, seen.Side))
                    {
                        yield return new Contradiction($"{listed.Number}/{Words.Key(seen)}",
                            $"Manifest {manifest.Number} names {Kilograms(inside)} in container {listed.Number}, but {Words.Who(seen)} weighed {Kilograms(there)}.");
                    }
                }
            }
        }

        // The same kind of scales at both ends has the same tare, so the difference is in the goods.
        foreach (var scales in journey.Observations.Where(o => o.GrossMassKg is not null).GroupBy(o => o.Side))
        {
            Observation? before = null;
            foreach (var now in scales)
            {
                if (before is not null && Math.Abs(now.GrossMassKg!.Value - before.GrossMassKg!.Value) > Tolerance(before.GrossMassKg.Value))
                {
                    yield return new Contradiction($"change/{Words.Key(now)}",
                        $"{Capital(Words.Who(before))} weighed {Kilograms(before.GrossMassKg.Value)}, but {Words.Who(now)} weighed {Kilograms(now.GrossMassKg.Value)}.");
                }

                before = now;
            }
        }
    }

    private bool Differs(decimal declared, decimal weighed, Side side) =>
        weighed < declared - Tolerance(declared) || weighed > declared + Tolerance(declared) + (side == Side.Weighbridge ? (decimal)options.MostTareKg : 0);

    private decimal Tolerance(decimal declared) => declared * (decimal)options.WeightTolerancePercent / 100;

    private static string Kilograms(decimal mass) => string.Create(CultureInfo.InvariantCulture, $"{mass:0.#} kg");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
