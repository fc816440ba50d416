using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.TestKit.Brokers;

/// <summary>Puts messages into queues and looks what is in them, as a sender or an operator would.</summary>
internal sealed class QueueClient : IAsyncDisposable
{
    /// <summary>Sends that may be without an answer at once.</summary>
    private const int Window = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Connection _connection;
    private readonly Session _session;

    private QueueClient(Connection connection) => (_connection, _session) = (connection, new Session(connection));

    public static async Task<QueueClient> ConnectAsync(string address) => new(await new ConnectionFactory().CreateAsync(new Address(address)));

    public static Message Of(string body, string? id = null, string? subject = null) => new()
    {
        Header = new Header { Durable = true },
        Properties = new Properties { MessageId = id, Subject = subject, ContentType = new Symbol("application/json") },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
    };

    /// <summary>Sends in order; returns when the broker has answered all.</summary>
    /// <returns>The bodies' indexes that the broker confirmed.</returns>
    public async Task<IReadOnlyList<int>> SendAsync(string queue, IReadOnlyList<Message> messages)
    {
        var sender = new SenderLink(_session, "sender-" + Guid.NewGuid().ToString("N"), queue);
        using var window = new SemaphoreSlim(Window);
        var confirmed = new List<int>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (!await window.WaitAsync(Patience) || sender.IsClosed)
            {
                break;
            }

            var index = i;
            try
            {
                sender.Send(messages[i], (_, _, outcome, _) =>
                {
                    if (outcome is Accepted)
                    {
                        lock (confirmed)
                        {
                            confirmed.Add(index);
                        }
                    }

                    window.Release();
                }, null);
            }
            catch (AmqpException)
            {
                // The broker is gone; what it had not confirmed counts as not sent.
                break;
            }
        }

        for (var i = 0; i < Window && await window.WaitAsync(sender.IsClosed ? TimeSpan.Zero : Patience); i++)
        {
        }

        if (!sender.IsClosed)
        {
            await sender.CloseAsync();
        }

        lock (confirmed)
        {
            return [.. confirmed.Order()];
        }
    }

    /// <summary>Takes all messages out of a queue until none has come for a while.</summary>
    public async Task<IReadOnlyList<Message>> DrainAsync(string queue, TimeSpan? quiet = null)
    {
        var receiver = new ReceiverLink(_session, "drain-" + Guid.NewGuid().ToString("N"), queue);
        var found = new List<Message>();
        while (await receiver.ReceiveAsync(quiet ?? TimeSpan.FromSeconds(1)) is { } message)
        {
            receiver.Accept(message);
            found.Add(message);
        }

        await receiver.CloseAsync();
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_connection.IsClosed)
        {
            await _connection.CloseAsync();
        }
    }
}
