using System.Net;

namespace Adapter.Host.Ingest.Credentials;

/// <summary>Addresses that a source may call from; an empty list admits all.</summary>
internal sealed class AddressList(IEnumerable<string> entries)
{
    private readonly IPNetwork[] _ranges = [.. entries.Select(entry =>
        TryParse(entry, out var range) ? range : throw new FormatException($"'{entry}' is no address or range."))];

    public static bool TryParse(string entry, out IPNetwork range)
    {
        if (IPAddress.TryParse(entry, out var single))
        {
            range = new IPNetwork(Plain(single), single.IsIPv4MappedToIPv6 || single.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        return IPNetwork.TryParse(entry, out range);
    }

    /// <param name="peer">The other end of the connection; null where it is no network connection, which a list never admits.</param>
    public bool Admits(IPAddress? peer) => _ranges.Length == 0 || (peer is not null && _ranges.Any(range => range.Contains(Plain(peer))));

    /// <summary>A socket that listens for both families shows an IPv4 peer in IPv6 dress.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
