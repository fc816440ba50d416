namespace Adapter.Mappings.Model;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Nearest
{
    /// <returns>A sentence with the nearest name, or with all names when few; null when there is nothing to say.</returns>
    public static string? To(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var best = names.Select(n => (Name: n, Distance: Distance(name, n))).OrderBy(n => n.Distance).FirstOrDefault();
        if (best.Name is not null && best.Distance <= Math.Max(2, name.Length / 3))
        {
            return $"Did you mean '{best.Name}'?";
        }

        return names.Count is > 0 and <= 30 ? $"Known here: {string.Join(", ", names)}." : null;
    }

    /// <summary>Insertions, deletions and replacements between two names, letter case aside.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[b.Length];
    }
}
