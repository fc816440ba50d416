using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Amqp;
using Amqp.Framing;

namespace Adapter.Host.Brokers;

/// <summary>Why nothing can be read from a broker now.</summary>
/// <param name="Reason">Stable, for metrics.</param>
/// <param name="Detail">For people; without secrets.</param>
/// <param name="NeedsAPerson">Whether trying again soon is of no use: settings or rights have to change first.</param>
internal sealed record BrokerLoss(string Reason, string Detail, bool NeedsAPerson)
{
    public static BrokerLoss ClosedQuietly { get; } = new("closed", "The broker closed the connection without saying why.", NeedsAPerson: false);

    /// <returns>Null for an exception that is no loss but a fault of ours.</returns>
    public static BrokerLoss? Of(Exception exception) => exception switch
    {
        AmqpException amqp => Of(amqp.Error),
        HttpRequestException http => new("unreachable", http.Message, NeedsAPerson: false),
        SocketException socket => new("unreachable", socket.Message, NeedsAPerson: false),
        AuthenticationException or CryptographicException => new("tls", exception.Message, NeedsAPerson: true),
        IOException { InnerException: { } inner } when Of(inner) is { } cause => cause,
        IOException or ObjectDisposedException or OperationCanceledException => new("connection", exception.Message, NeedsAPerson: false),
        TimeoutException => new("timeout", "The broker did not answer in time.", NeedsAPerson: false),
        _ => null,
    };

    public static BrokerLoss Of(Error? error) => error?.Condition?.ToString() switch
    {
        null => ClosedQuietly,
        ErrorCode.UnauthorizedAccess => new("unauthorized", Text(error), NeedsAPerson: true),
        ErrorCode.NotFound => new("not-found", Text(error), NeedsAPerson: true),
        ErrorCode.NotAllowed => new("not-allowed", Text(error), NeedsAPerson: true),
        ErrorCode.ConnectionForced => new("connection", Text(error), NeedsAPerson: false),
        var condition => new(condition, Text(error), NeedsAPerson: false),
    };

    private static string Text(Error error) => error.Description is { Length: > 0 } description ? $"{error.Condition}: {description}" : error.Condition.ToString();
}
