namespace Adapter.Host.Brokers;

/// <summary>Where a broker is, and the name and password to log in with where there are any.</summary>
/// <remarks>It may hold a password: it is never logged as a whole.</remarks>
internal sealed record BrokerAddress(string Host, int Port, bool Tls, string? User, string? Password)
{
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    /// <summary>Host and port, for logs.</summary>
    public override string ToString() => $"{Host}:{Port}";

    /// <summary>Reads <c>amqp[s]://[user:password@]host[:port]</c>; user and password escaped as in any URI.</summary>
    /// <exception cref="FormatException">Says what is wrong, without repeating the text.</exception>
    public static BrokerAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            throw new FormatException("A broker's address is amqp://user:password@host:5672 or amqps://user:password@host:5671, characters such as @ and / escaped.");
        }

        if (uri.Host.Length == 0 || uri.AbsolutePath is not ("/" or "") || uri.Query.Length > 0)
        {
            throw new FormatException("A broker's address ends after host and port; the queue has a setting of its own.");
        }

        var tls = uri.Scheme == "amqps";
        var login = uri.UserInfo.Split(':', 2);
        if (uri.UserInfo.Length > 0 && (login.Length != 2 || login[0].Length == 0))
        {
            throw new FormatException("A broker's address gives user and password, or neither.");
        }

        return new BrokerAddress(
            uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? tls ? TlsPort : PlainPort : uri.Port, tls,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(login[0]) : null, uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(login[1]) : null);
    }

    /// <summary>Whether the broker runs on this machine, so that nobody can listen in on what is not encrypted.</summary>
    public bool IsLoopback => Host is "localhost" || (System.Net.IPAddress.TryParse(Host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
