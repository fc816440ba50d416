using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>Azure Service Bus in memory, as far as a receiver sees it: tokens, peek-lock, sessions, dead letters, deferral, schedules.</summary>
/// <remarks>Kept honest by Microsoft's JavaScript client, which runs its repertoire against it.</remarks>
internal sealed class ServiceBusServer : ILinkProcessor, IAsyncDisposable
{
    public const string KeyName = "RootManageSharedAccessKey";
    public const string Key = "a+key/that+looks+like+Base64+and+is+none=";

    private const ulong MaxMessage = 256 * 1024;

    private readonly ContainerHost _host;
    private readonly ConcurrentDictionary<string, QueueState> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(Connection Connection, string ReplyTo), ListenerLink> _answers = new();
    private readonly FrameRelay _relay;
    private readonly Timer _clock;

    private readonly TimeProvider _time;

    private ServiceBusServer(int port, TimeProvider time)
    {
        _time = time;
        Tokens = new TokenGate(time);
        _relay = new FrameRelay(port);
        // By address: by name the library listens on all interfaces.
        _host = new ContainerHost(new Address("127.0.0.1", port, null, null, "/", "amqp"));
        _host.Listeners[0].SASL.EnableAnonymousMechanism = true;
        _host.Listeners[0].HandlerFactory = _ => new LockTokens();
        _host.RegisterLinkProcessor(this);
        _clock = new Timer(_ => Tick(), null, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
    }

    public int Port => _relay.Port;

    public TokenGate Tokens { get; }

    /// <summary>What is asked of <c>$management</c>, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>As a client is told it.</summary>
    public string ConnectionString => ConnectionStringBy(Port);

    /// <summary>As a client is told it that says by other means who it is.</summary>
    public string ConnectionStringWithoutKey => string.Create(CultureInfo.InvariantCulture, $"Endpoint=sb://127.0.0.1:{Port};UseDevelopmentEmulator=true");

    /// <param name="port">On which something stands before the server.</param>
    public static string ConnectionStringBy(int port) => string.Create(
        CultureInfo.InvariantCulture, $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName={KeyName};SharedAccessKey={Key};UseDevelopmentEmulator=true");

    /// <param name="time">Its clock, where that differs from that of this machine.</param>
    public static ServiceBusServer Start(TimeProvider? time = null)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var server = new ServiceBusServer(port, time ?? TimeProvider.System);
        server._host.Open();
        return server;
    }

    /// <param name="name">A queue, or <c>topic/Subscriptions/name</c>.</param>
    public QueueState Add(string name, TimeSpan? lockFor = null, int maxDeliveries = 10, bool sessions = false)
    {
        var dead = new QueueState($"{name}/$deadletterqueue", TimeSpan.FromSeconds(30), int.MaxValue, sessions: false, deadLetters: null, _time);
        _queues[dead.Name] = dead;
        return _queues[name] = new QueueState(name, lockFor ?? TimeSpan.FromSeconds(30), maxDeliveries, sessions, dead, _time);
    }

    public QueueState DeadLetters(string name) => _queues[$"{name}/$deadletterqueue"];

    /// <summary>Ends all connections, as a broker that moves to another machine does.</summary>
    public void DropConnections(string condition = ErrorCode.ConnectionForced)
    {
        foreach (var connection in Tokens.Connections)
        {
            connection.Close(TimeSpan.Zero, new Error(new Symbol(condition)) { Description = "dropped by the test" });
        }
    }

    void ILinkProcessor.Process(AttachContext context)
    {
        var reads = context.Attach.Role;
        var address = (reads ? (context.Attach.Source as AmqpSource)?.Address : (context.Attach.Target as Target)?.Address) ?? "";
        var connection = context.Link.Session.Connection;
        if (address.EndsWith("$cbs", StringComparison.Ordinal) || address.EndsWith("/$management", StringComparison.Ordinal))
        {
            AttachRequests(context, reads, address, connection);
        }
        else if (!_queues.TryGetValue(address, out var queue))
        {
            context.Complete(new Error(new Symbol(ErrorCode.NotFound)) { Description = $"The messaging entity '{address}' could not be found." });
        }
        else if (!Tokens.Admits(connection, address))
        {
            context.Complete(new Error(new Symbol(ErrorCode.UnauthorizedAccess)) { Description = "Unauthorized access. 'Listen' claim(s) are required to perform this operation." });
        }
        else if (reads)
        {
            queue.Attach(context);
        }
        else
        {
            // Without it a client cannot make batches.
            context.Attach.MaxMessageSize = MaxMessage;
            context.Complete(new Inlet(queue), 500);
        }
    }

    private void AttachRequests(AttachContext context, bool reads, string address, Connection connection)
    {
        if (!reads)
        {
            context.Complete(new Requests(this, address), 100);
            return;
        }

        // The JavaScript client names no target for the answers of $cbs: its reply-to is the link's name.
        foreach (var replyTo in new[] { (context.Attach.Target as Target)?.Address, context.Attach.LinkName })
        {
            if (replyTo is not null)
            {
                _answers[(connection, replyTo)] = context.Link;
            }
        }

        context.Complete(new Outlet(), 0);
    }

    private Message Answer(string address, Message request, Connection connection) => address.EndsWith("$cbs", StringComparison.Ordinal)
        ? Tokens.Take(request, connection)
        : _queues.TryGetValue(address[..^"/$management".Length], out var queue)
            ? ManagementNode.Answer(queue, request, Asked)
            : ManagementNode.Refusal(404, ErrorCode.NotFound, "no such entity");

    private void Tick()
    {
        var now = _time.GetUtcNow();
        foreach (var queue in _queues.Values)
        {
            queue.Tick(now);
        }

        Tokens.Tick(now);
    }

    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync();
        await _relay.DisposeAsync();
        _host.Close();
    }

    /// <summary>Takes requests and sends each answer to where the request wants it.</summary>
    private sealed class Requests(ServiceBusServer server, string address) : LinkEndpoint
    {
        public override void OnMessage(MessageContext context)
        {
            context.Complete();
            var connection = context.Link.Session.Connection;
            var answer = server.Answer(address, context.Message, connection);
            answer.Properties = new Properties();
            answer.Properties.SetCorrelationId(context.Message.Properties.GetMessageId());
            if (server._answers.TryGetValue((connection, context.Message.Properties.ReplyTo), out var link))
            {
                link.SendMessage(answer);
            }
        }

        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
        }
    }

    private sealed class Outlet : LinkEndpoint
    {
        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();
    }

    /// <summary>Takes what is sent to a queue.</summary>
    private sealed class Inlet(QueueState queue) : LinkEndpoint
    {
        public override void OnMessage(MessageContext context)
        {
            queue.Enqueue(context.Message);
            context.Complete();
        }

        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
        }
    }

    /// <summary>A delivery's tag is its lock token.</summary>
    private sealed class LockTokens : IHandler
    {
        public bool CanHandle(EventId id) => id == EventId.SendDelivery;

        public void Handle(Event protocolEvent)
        {
            if (protocolEvent.Context is IDelivery { Message: Delivery message } delivery)
            {
                delivery.Tag = message.LockToken.ToByteArray();
            }
        }
    }
}
