using System.Security.Cryptography;
using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest;

/// <summary>The configured sources with their secrets resolved.</summary>
internal sealed class Sources
{
    private readonly List<Source> _all;

    /// <exception cref="InvalidOperationException">A secret reference cannot be resolved.</exception>
    public Sources(IOptions<IngestOptions> options) => _all =
    [
        // Hashed, so that comparing takes the same time whatever the lengths are.
        .. options.Value.Sources.Select(s => new Source(
            s.Key, s.Value.Header, [.. s.Value.Secrets.Select(SecretReference.Resolve).Select(SHA256.HashData)], s.Value.CodeSpaces, s.Value.Dialect)),
    ];

    /// <summary>The source whose secret the request carries, or null.</summary>
    public Source? Authenticate(IHeaderDictionary headers)
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
}

internal sealed class Source(string name, string header, IReadOnlyList<byte[]> secretHashes, IReadOnlyDictionary<string, string> codeSpaces, string? dialect)
{
    public string Name { get; } = name;

    public string Header { get; } = header;

    /// <summary>How the source writes, or null where the intake route tells.</summary>
    public string? Dialect { get; } = dialect;

    /// <summary>The code table that numbers of this route belong to, or null where none is configured.</summary>
    public string? CodeSpaceOf(ReportRoute route) => codeSpaces.GetValueOrDefault(route.ToString());

    public bool Knows(string given)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        var known = false;
        foreach (var secret in secretHashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, secret);
        }

        return known;
    }
}
