using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Decides, when a connection is made, whether the adapter may talk to an address.</summary>
/// <remarks>Kept outside the database: whoever may edit destinations must not thereby reach every machine that this one can.</remarks>
internal interface IOutboundAllowList
{
    /// <param name="host">The host as the endpoint names it.</param>
    /// <param name="address">The address that the name resolved to and that will be connected to.</param>
    /// <param name="refusal">What is refused and what to do about it.</param>
    bool Permits(string host, int port, IPAddress address, [NotNullWhen(false)] out string? refusal);

    /// <summary>The same for an endpoint that is being set up: as far as it can be said before its name is looked up.</summary>
    bool Permits(Uri endpoint, [NotNullWhen(false)] out string? refusal);
}

/// <summary>Where the adapter may connect to. Bound from <c>Outbound</c>.</summary>
internal sealed class OutboundOptions
{
    /// <summary>Receivers as <c>host:port</c>, for instance <c>manifest.customs.example:443</c> or <c>[2001:db8::5]:8443</c>. Nothing else is connected to.</summary>
    public IList<string> Allow { get; init; } = [];

    /// <summary>Whether receivers on this machine are allowed. For demo, drill and tests; such receivers need no entry.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>The folder in which certificates and password files of destinations lie. Without it, destinations cannot name files.</summary>
    public string? SecretsFolder { get; init; }
}

internal sealed class OutboundOptionsValidator : IValidateOptions<OutboundOptions>
{
    public ValidateOptionsResult Validate(string? name, OutboundOptions options)
    {
        var errors = options.Allow.Where(entry => !OutboundAllowList.TryParse(entry, out _))
            .Select(entry => $"Outbound:Allow: '{entry}' is not host:port, for instance 'manifest.customs.example:443'.")
            .ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}

/// <summary>Permits what the options list, and never the addresses that no receiver can have.</summary>
internal sealed class OutboundAllowList : IOutboundAllowList
{
    /// <summary>Cloud metadata and platform services outside the link-local range: they hand out credentials.</summary>
    private static readonly HashSet<IPAddress> Metadata =
        [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd00:ec2::254")];

    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("2002::/16"), IPNetwork.Parse("2001::/32"),   // tunnels that hide an IPv4 address
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    private readonly HashSet<(string Host, int Port)> _listed = [];
    private readonly bool _loopback;

    public OutboundAllowList(OutboundOptions options)
    {
        foreach (var entry in options.Allow)
        {
            _listed.Add(TryParse(entry, out var parsed) ? parsed : throw new FormatException($"Outbound:Allow: '{entry}' is not host:port."));
        }
        _loopback = options.AllowLoopback;
    }

    public bool Permits(string host, int port, IPAddress address, [NotNullWhen(false)] out string? refusal)
    {
        var plain = Unwrap(address);
        var target = $"{host}:{port.ToString(CultureInfo.InvariantCulture)}";
        var name = Normalise(host);
        var listed = _listed.Contains((name, port));
        refusal = plain switch
        {
            _ when Array.Exists(Never, range => range.Contains(plain)) || Metadata.Contains(plain) =>
                $"The adapter never connects to {plain} (link-local, metadata or unusable), to which {target} leads. Correct the destination's endpoint or the DNS entry.",
            _ when IPAddress.IsLoopback(plain) && !_loopback =>
                $"The adapter does not connect to this machine ({plain}), to which {target} leads. Correct the endpoint, or set Outbound:AllowLoopback for a demo or test.",
            _ when IPAddress.IsLoopback(plain) && IsThisMachine(name) => null,
            _ when !listed =>
                $"The adapter may not connect to {target}: Outbound:Allow does not list it. If the endpoint is right, add '{target}' to the settings and restart.",
            _ => null,
        };
        return refusal is null;
    }

    public bool Permits(Uri endpoint, [NotNullWhen(false)] out string? refusal)
    {
        var (host, port) = (endpoint.IdnHost, endpoint.Port);
        if (IPAddress.TryParse(host, out var literal))
        {
            return Permits(host, port, literal, out refusal);
        }

        var name = Normalise(host);
        if (name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return Permits(host, port, IPAddress.Loopback, out refusal);
        }

        refusal = _listed.Contains((name, port)) ? null
            : $"The adapter may not connect to {host}:{port.ToString(CultureInfo.InvariantCulture)}: Outbound:Allow does not list it. If the endpoint is right, add it to the settings and restart.";
        return refusal is null;
    }

    /// <summary>Reads <c>host:port</c>.</summary>
    internal static bool TryParse(string entry, out (string Host, int Port) parsed)
    {
        parsed = default;
        var colon = entry.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }
        var host = entry[..colon];
        var kind = Uri.CheckHostName(host);
        if (kind is UriHostNameType.Unknown or UriHostNameType.Basic)
        {
            return false;
        }
        parsed = (Normalise(host), port);
        return kind != UriHostNameType.IPv6 || host.StartsWith('[');
    }

    private static bool IsThisMachine(string name) => name == "localhost" || (IPAddress.TryParse(name, out var literal) && IPAddress.IsLoopback(literal));

    private static string Normalise(string host) => IPAddress.TryParse(host, out var literal)
        ? Unwrap(literal).ToString()
        : new IdnMapping().GetAscii(host.TrimEnd('.')).ToLowerInvariant();

    /// <summary>The IPv4 address inside an IPv6 one, so that a rule cannot be passed by writing an address differently.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6
            && (Nat64.Contains(address) || (Compatible.Contains(address) && !address.Equals(IPAddress.IPv6Loopback)))
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
    }
}
