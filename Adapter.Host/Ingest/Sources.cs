using System.Net;
using System.Security.Cryptography;
using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest;

/// <summary>The configured sources with their secrets resolved.</summary>
internal sealed class Sources
{
    private readonly List<Source> _all;
    private readonly Dictionary<string, Source> _byPrincipal;

    /// <exception cref="InvalidOperationException">A secret reference cannot be resolved.</exception>
    public Sources(IOptions<IngestOptions> options)
    {
        _all = [.. options.Value.Sources.Select(s => new Source(s.Key, s.Value))];
        _byPrincipal = _all.SelectMany(source => source.Principals.Select(principal => (principal, source)))
            .ToDictionary(s => s.principal, s => s.source, StringComparer.Ordinal);
        Signing = [.. _all.Where(source => source.SigningKeys.Count > 0)];
    }

    public IReadOnlyList<Source> All => _all;

    /// <summary>Those that sign their requests.</summary>
    public IReadOnlyList<Source> Signing { get; }

    public bool AnyHasAKey => _byPrincipal.Count > 0;

    /// <summary>The source whose secret the request carries, or null.</summary>
    public Source? BySecret(IHeaderDictionary headers)
    {
        Source? found = null;
        foreach (var source in _all)
        {
            if (headers.TryGetValue(source.Header, out var values) && values is [{ } given] && source.Knows(given))
            {
                found = source;
            }
        }

        return found;
    }

    /// <summary>The source that this principal speaks for, or null.</summary>
    public Source? ByPrincipal(string name) => _byPrincipal.GetValueOrDefault(name);
}

internal sealed class Source(string name, SourceOptions options)
{
    // Hashed, so that comparing takes the same time whatever the lengths are.
    private readonly List<byte[]> _secretHashes = [.. options.Secrets.Select(SecretReference.Resolve).Select(SHA256.HashData)];

    private readonly AddressList _addresses = new(options.Addresses);

    public string Name { get; } = name;

    public string Header { get; } = options.Header;

    public IReadOnlyList<string> Principals { get; } = [.. options.Principals.Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<SigningKey> SigningKeys { get; } = [.. options.SigningKeys.Select(reference => SigningKey.Of(SecretReference.Resolve(reference), reference))];

    public TimeSpan SigningWindow { get; } = options.SigningWindow;

    /// <summary>Whether it sends again what was refused. One that does not is made to wait, and each refusal leaves a gap record.</summary>
    public bool Repeats { get; } = options.Repeats;

    public double? RatePerSecond { get; } = options.RatePerSecond;

    public int? Burst { get; } = options.Burst;

    /// <summary>How the source writes, or null where the intake route tells.</summary>
    public string? Dialect { get; } = options.Dialect;

    /// <summary>The code table that numbers of this route belong to, or null where none is configured.</summary>
    public string? CodeSpaceOf(ReportRoute route) => options.CodeSpaces.GetValueOrDefault(route.ToString());

    public bool MayCallFrom(IPAddress? peer) => _addresses.Admits(peer);

    public bool Knows(string given)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        var known = false;
        foreach (var secret in _secretHashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, secret);
        }

        return known;
    }
}
