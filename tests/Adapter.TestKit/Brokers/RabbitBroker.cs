using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Adapter.TestKit.Brokers;

/// <summary>RabbitMQ from Debian's package as a process of its own, on loopback, with its files in a folder of its own.</summary>
/// <remarks>Its queues are durable and made before it takes connections; each has a dead-letter queue named <c>{queue}.dlq</c>.</remarks>
internal sealed class RabbitBroker : IAsyncDisposable
{
    private const string Bin = "/usr/lib/rabbitmq/bin";
    private const int Queues = 64;

    /// <summary>This queue holds five messages and refuses more.</summary>
    public const string FullQueue = "small";

    public const string User = "customs";
    public const string Password = "a-password-of-the-broker";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rabbit-");
    private readonly int _distributionPort = FreePort();
    private readonly int _epmdPort = FreePort();
    private readonly string _node = $"t{Environment.ProcessId}-{Guid.NewGuid():N}"[..16] + "@localhost";
    private Process? _process;
    private int _taken;

    private RabbitBroker()
    {
    }

    public int Port { get; } = FreePort();

    public int TlsPort { get; } = FreePort();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"amqp://{User}:{Password}@127.0.0.1:{Port}");

    public BrokerAuthority Authority { get; } = BrokerAuthority.Create();

    /// <exception cref="InvalidOperationException">It is not installed or does not start; the message has its output.</exception>
    public static async Task<RabbitBroker> StartAsync()
    {
        var broker = new RabbitBroker();
        broker.WriteFiles();
        await broker.RunAsync();
        return broker;
    }

    /// <summary>A durable queue that no other test uses.</summary>
    /// <param name="quorum">Replicated by Raft, as one would in production, instead of classic.</param>
    public string TakeQueue(bool quorum = false)
    {
        var number = Interlocked.Increment(ref _taken);
        return number <= Queues ? (quorum ? "quorum-" : "classic-") + number : throw new InvalidOperationException("All queues of the broker are taken; raise their number.");
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>SIGKILL to the whole of it: nothing is flushed.</summary>
    public async Task KillAsync()
    {
        using (var beam = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PathOf("pid")), CultureInfo.InvariantCulture)))
        {
            beam.Kill();
            await beam.WaitForExitAsync();
        }

        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it on what it had on disk.</summary>
    public Task StartAgainAsync() => RunAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        await StopEpmdAsync();
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WriteFiles()
    {
        Directory.CreateDirectory(PathOf("home"));
        Authority.WriteTo(_folder.FullName);
        File.WriteAllText(PathOf("enabled_plugins"), "[rabbitmq_amqp1_0,rabbitmq_auth_mechanism_ssl].\n");
        File.WriteAllText(PathOf("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {PathOf("authority.pem")}
            ssl_options.certfile = {PathOf("server.pem")}
            ssl_options.keyfile = {PathOf("server.key")}
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = false
            ssl_cert_login_from = common_name
            auth_mechanisms.1 = PLAIN
            auth_mechanisms.2 = EXTERNAL
            load_definitions = {PathOf("definitions.json")}
            log.file = false
            log.console = true
            log.console.level = warning

            """));
        var queues = Enumerable.Range(1, Queues).SelectMany(n => new[] { Queue($"classic-{n}", "classic"), Queue($"quorum-{n}", "quorum"), Plain($"classic-{n}.dlq"), Plain($"quorum-{n}.dlq") });
        File.WriteAllText(PathOf("definitions.json"), $$"""
            {
              "users": [
                { "name": "{{User}}", "password": "{{Password}}", "tags": "" },
                { "name": "{{BrokerAuthority.ClientName}}", "password_hash": "", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": "" }
              ],
              "vhosts": [ { "name": "/" } ],
              "permissions": [
                { "user": "{{User}}", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
                { "user": "{{BrokerAuthority.ClientName}}", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }
              ],
              "queues": [
                { "name": "{{FullQueue}}", "vhost": "/", "durable": true, "auto_delete": false, "arguments": { "x-max-length": 5, "x-overflow": "reject-publish" } },
                {{string.Join(",\n    ", queues)}}
              ]
            }
            """);

        static string Queue(string name, string type) => $$"""
            { "name": "{{name}}", "vhost": "/", "durable": true, "auto_delete": false, "arguments": { "x-queue-type": "{{type}}", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "{{name}}.dlq" } }
            """;
        static string Plain(string name) => $$"""{ "name": "{{name}}", "vhost": "/", "durable": true, "auto_delete": false, "arguments": {} }""";
    }

    private async Task RunAsync()
    {
        if (!File.Exists(Path.Combine(Bin, "rabbitmq-server")))
        {
            throw new InvalidOperationException("RabbitMQ is missing, and these tests need a broker that this project did not write. .ci/install installs it.");
        }

        // Not the wrapper in /usr/sbin: it changes the user and writes to the system's log folder.
        var start = new ProcessStartInfo(Path.Combine(Bin, "rabbitmq-server")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings())
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.GetAsync(
            () => AnswersAsync(Port), answers => answers || _process.HasExited, _ => Text(), TimeSpan.FromSeconds(90));
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"RabbitMQ ended at its start:\n{Text()}");
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }

        string Text()
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Everything in this folder and on loopback, and a port mapper of its own, so that several runs can share a machine.</summary>
    private Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["HOME"] = PathOf("home"),
        ["RABBITMQ_NODENAME"] = _node,
        ["RABBITMQ_CONFIG_FILE"] = PathOf("rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = PathOf("enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = PathOf("mnesia"),
        ["RABBITMQ_LOG_BASE"] = PathOf("log"),
        ["RABBITMQ_PID_FILE"] = PathOf("pid"),
        ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = _epmdPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
    };

    /// <summary>Whether it speaks AMQP 1.0 there: an open port alone may belong to a broker that still reads its queues.</summary>
    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync("AMQP"u8.ToArray().Concat(new byte[] { 3, 1, 0, 0 }).ToArray());
            var answer = new byte[8];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await client.GetStream().ReadExactlyAsync(answer, patience.Token);
            return answer.AsSpan(0, 4).SequenceEqual("AMQP"u8);
        }
        catch (Exception away) when (away is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The port mapper outlives the broker that started it.</summary>
    private async Task StopEpmdAsync()
    {
        var start = new ProcessStartInfo("epmd") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-port", _epmdPort.ToString(CultureInfo.InvariantCulture), "-kill" })
        {
            start.ArgumentList.Add(argument);
        }

        using var kill = Process.Start(start)!;
        await kill.WaitForExitAsync();
    }
}
