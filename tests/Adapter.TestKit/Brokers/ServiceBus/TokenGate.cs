using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>Judges tokens as the service does: signature, audience, expiry; and ends connections whose token has ended.</summary>
internal sealed class TokenGate(TimeProvider time)
{
    private readonly ConcurrentDictionary<(Connection Connection, string Audience), DateTimeOffset> _taken = new();
    private int _puts;

    /// <summary>Tokens that were taken.</summary>
    public int Puts => Volatile.Read(ref _puts);

    /// <summary>Tokens that the directory has given out, with their ends; they are taken as the type <c>jwt</c>.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> FromDirectory { get; } = new(StringComparer.Ordinal);

    /// <summary>Refuses all from now on, as after a key was changed.</summary>
    public bool Shut { get; set; }

    public IReadOnlyList<Connection> Connections => [.. _taken.Keys.Select(key => key.Connection).Distinct()];

    public bool Admits(Connection connection, string entity) =>
        _taken.Any(token => token.Key.Connection == connection && token.Key.Audience.EndsWith("/" + entity, StringComparison.OrdinalIgnoreCase));

    public Message Take(Message request, Connection connection)
    {
        var (token, audience) = (request.Body as string ?? "", request.ApplicationProperties["name"] as string ?? "");
        if (Shut || request.ApplicationProperties["operation"] as string != "put-token" || ExpiryOf(request.ApplicationProperties["type"] as string, token, audience) is not { } expiry)
        {
            return Answer(401, "The token has an invalid signature, audience or expiry.");
        }

        Interlocked.Increment(ref _puts);
        _taken[(connection, audience.Replace("/$management", "", StringComparison.Ordinal))] = expiry;
        return Answer(202, "Accepted");
    }

    public void Tick(DateTimeOffset now)
    {
        foreach (var (key, expiry) in _taken)
        {
            if (key.Connection.IsClosed)
            {
                _taken.TryRemove(key, out _);
            }
            else if (expiry <= now)
            {
                _taken.TryRemove(key, out _);
                key.Connection.Close(TimeSpan.Zero, new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = "ExpiredToken" });
            }
        }
    }

    /// <returns>Null for a token that is not good for the audience.</returns>
    private DateTimeOffset? ExpiryOf(string? type, string token, string audience) => type switch
    {
        "servicebus.windows.net:sastoken" => ExpiryOfSigned(token, audience),
        "jwt" when FromDirectory.TryGetValue(token, out var end) && end > time.GetUtcNow() => end,
        _ => null,
    };

    private DateTimeOffset? ExpiryOfSigned(string token, string audience)
    {
        var parts = token.Replace("SharedAccessSignature ", "", StringComparison.Ordinal).Split('&').Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (!parts.TryGetValue("sr", out var resource) || !parts.TryGetValue("se", out var end) || !parts.TryGetValue("sig", out var signature)
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ServiceBusServer.Key), Encoding.UTF8.GetBytes($"{resource}\n{end}")));
        var expiry = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return Uri.UnescapeDataString(signature) == expected && expiry > time.GetUtcNow()
            && audience.StartsWith(Uri.UnescapeDataString(resource).TrimEnd('/'), StringComparison.OrdinalIgnoreCase) ? expiry : null;
    }

    private static Message Answer(int code, string text)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties() };
        answer.ApplicationProperties["status-code"] = code;
        answer.ApplicationProperties["status-description"] = text;
        return answer;
    }
}
