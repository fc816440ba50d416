using Adapter.Host.Ingest.Amqp;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest;

/// <summary>All errors at once, at start, each with the setting's name.</summary>
internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>The web server judges the pace once a second.</summary>
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromSeconds(1.1);

    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var errors = new List<string>();
        foreach (var (source, settings) in options.Sources)
        {
            errors.AddRange(Check(settings).Select(error => $"Ingest:Sources:{source}{error}"));
        }

        foreach (var shared in options.Sources.SelectMany(s => s.Value.Principals.Distinct(StringComparer.Ordinal).Select(p => (Principal: p, Source: s.Key)))
            .GroupBy(s => s.Principal, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            errors.Add($"Ingest:Sources: the principal {shared.Key} speaks for {string.Join(" and ", shared.Select(s => s.Source))}. Give each source principals of its own.");
        }

        foreach (var (broker, settings) in options.Brokers)
        {
            errors.AddRange(BrokerOptionsRules.Check(settings).Select(error => $"Ingest:Brokers:{broker}{error}"));
        }

        Between(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1024, 64 * 1024 * 1024);
        Between(nameof(options.MaxRecords), options.MaxRecords, 1, 100_000);
        Between(nameof(options.MaxWaiting), options.MaxWaiting, 1, 100_000);
        Between(nameof(options.MinBodyBytesPerSecond), options.MinBodyBytesPerSecond, 1, 1_000_000);
        Between(nameof(options.Patience), options.Patience, ShortestPatience, TimeSpan.FromMinutes(1));
        Between(nameof(options.BodyGrace), options.BodyGrace, ShortestGrace, TimeSpan.FromMinutes(1));
        if (options.MaxBytesInFlight < 2L * options.MaxBodyBytes || options.MaxBytesInFlight > 1L << 40)
        {
            errors.Add($"Ingest:MaxBytesInFlight: {options.MaxBytesInFlight} must be at least twice MaxBodyBytes ({options.MaxBodyBytes}), so that one source's largest body leaves room for another's.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Between<T>(string setting, T value, T least, T most) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add($"Ingest:{setting}: {value} lies outside {least} to {most}.");
            }
        }
    }

    private static IEnumerable<string> Check(SourceOptions settings)
    {
        (string Setting, IList<string> Values, string What)[] ways =
        [
            (nameof(settings.Secrets), settings.Secrets, "reference"),
            (nameof(settings.Principals), settings.Principals, "name"),
            (nameof(settings.SigningKeys), settings.SigningKeys, "reference"),
        ];
        var given = ways.Where(way => way.Values.Count > 0).ToList();
        if (given.Count != 1)
        {
            yield return given.Count == 0
                ? ": says no way in which the source proves who it is. Give Secrets (a secret header), Principals (an API key) or SigningKeys (signed requests)."
                : $": gives {string.Join(" and ", given.Select(way => way.Setting))}. A source is as safe as its weakest way in; give one.";
        }

        foreach (var (setting, values, what) in given.Where(way => way.Values.Count > 2))
        {
            yield return $":{setting}: give one {what}, or two while one is being replaced; there are {values.Count}.";
        }

        foreach (var (setting, reference) in settings.Secrets.Select(s => (nameof(settings.Secrets), s)).Concat(settings.SigningKeys.Select(k => (nameof(settings.SigningKeys), k))))
        {
            if (Unusable(reference, signs: setting == nameof(settings.SigningKeys)) is { } reason)
            {
                yield return $":{setting}: {reason}";
            }
        }

        if (settings.Principals.Any(string.IsNullOrWhiteSpace))
        {
            yield return $":{nameof(settings.Principals)}: a name is empty.";
        }

        if (string.IsNullOrWhiteSpace(settings.Header) || settings.Header.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            yield return $":{nameof(settings.Header)}: '{settings.Header}' is not a header name.";
        }

        if (settings.SigningWindow < TimeSpan.FromSeconds(10) || settings.SigningWindow > TimeSpan.FromHours(1))
        {
            yield return $":{nameof(settings.SigningWindow)}: {settings.SigningWindow} lies outside 00:00:10 to 01:00:00.";
        }

        foreach (var entry in settings.Addresses.Where(entry => !AddressList.TryParse(entry, out _)))
        {
            yield return $":{nameof(settings.Addresses)}: '{entry}' is no address or range. Write 10.1.2.3, 10.1.2.0/24 or 2001:db8::/32; a range begins at its first address.";
        }

        if (settings.RatePerSecond is < 0.01 or > 100_000 or double.NaN)
        {
            yield return $":{nameof(settings.RatePerSecond)}: {settings.RatePerSecond} lies outside 0.01 to 100000.";
        }

        if (settings.Burst is < 1 or > 1_000_000)
        {
            yield return $":{nameof(settings.Burst)}: {settings.Burst} lies outside 1 to 1000000.";
        }

        if (settings is { Burst: not null, RatePerSecond: null })
        {
            yield return $":{nameof(settings.Burst)}: means nothing without RatePerSecond.";
        }
    }

    /// <returns>Why the reference gives no key, or null.</returns>
    private static string? Unusable(string reference, bool signs)
    {
        try
        {
            var secret = SecretReference.Resolve(reference);
            if (signs)
            {
                SigningKey.Of(secret, reference);
            }

            return null;
        }
        catch (InvalidOperationException unusable)
        {
            return unusable.Message;
        }
    }
}
