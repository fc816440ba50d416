using System.Globalization;
using System.Text;
using Adapter.Host.Brokers;
using Adapter.Host.Storage;
using Adapter.TestKit.Brokers;
using Amqp;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>A host that reads one queue, and a look at both ends.</summary>
internal sealed class BrokerBench : IAsyncDisposable
{
    public const string Broker = "cloud-queue";

    private readonly DirectoryInfo _folder;
    private SqliteSession? _writing;

    private BrokerBench(DirectoryInfo folder, TestHost host, string queue) => (_folder, Host, Queue) = (folder, host, queue);

    public TestHost Host { get; }

    /// <summary>The queue's own name, which RabbitMQ reaches as <c>/amq/queue/{name}</c>.</summary>
    public string Queue { get; }

    /// <summary>One for each session where there are any.</summary>
    public IReadOnlyList<BrokerState> States => Host.Services.GetRequiredService<BrokerBoard>().States;

    public BrokerState State => Host.Services.GetRequiredService<BrokerBoard>().States.Single(state => state.Broker == Broker);

    public static async Task<RabbitBroker> RabbitAsync() =>
        await (await TestContext.Current.GetFixture<SharedRabbit>()).ShouldNotBeNull().GetAsync();

    /// <param name="address">Where the host thinks the broker is.</param>
    /// <param name="settings">Of the broker, or with their whole names.</param>
    public static async Task<BrokerBench> StartAsync(string address, string queue, bool withTwins = false, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var file = Path.Combine(folder.FullName, "broker.secret");
        await File.WriteAllTextAsync(file, address, TestContext.Current.CancellationToken);
        var all = Settings(file, queue);
        foreach (var (name, value) in settings)
        {
            all[name.Contains(':', StringComparison.Ordinal) ? name : $"Ingest:Brokers:{Broker}:{name}"] = value;
        }

        return new BrokerBench(folder, await TestHost.StartAsync(new TestHostOptions { WithTwins = withTwins, Settings = all }), queue);
    }

    /// <param name="file">Holds the broker's address.</param>
    public static Dictionary<string, string> Settings(string file, string queue) => new(StringComparer.Ordinal)
    {
        [$"Ingest:Brokers:{Broker}:Connection"] = $"file:{file}",
        [$"Ingest:Brokers:{Broker}:Queue"] = $"/amq/queue/{queue}",
    };

    /// <summary>Reports of locks that take turns, each a minute of its own.</summary>
    public static IReadOnlyList<Message> Reports(int count, int from = 0, int locks = 5)
    {
        var start = TimeProvider.System.GetUtcNow().AddHours(-6);
        return [.. Enumerable.Range(from, count).Select(i => QueueClient.Of(
            JointReports.Position(string.Create(CultureInfo.InvariantCulture, $"80223{i % locks:00000}"), start.AddSeconds(i), mileage: i), "m-" + i.ToString(CultureInfo.InvariantCulture)))];
    }

    public Task ConnectedAsync() => Eventually.HoldsAsync(() => State.Connected, "the host reads from the broker");

    /// <summary>Waits until the journal holds as many entries of the broker.</summary>
    public Task JournalHoldsAsync(long count) =>
        Eventually.GetAsync(() => Task.FromResult(Count("journal")), held => held >= count, held => $"{held} of {count} entries\n{Host.Log.Text}", TimeSpan.FromSeconds(90));

    /// <summary>The store refuses every write from now on.</summary>
    public async Task StoreGoesAsync()
    {
        try
        {
            await Host.Services.GetRequiredService<StoreWriter>().WriteAsync(
                WriteUrgency.Ordinary, session => (_writing = (SqliteSession)session).Execute("PRAGMA query_only = 1"), TestContext.Current.CancellationToken);
        }
        catch (StoreUnavailableException) when (_writing is not null)
        {
            // What shares its commit is refused already.
        }
    }

    /// <summary>Past the session, which is the writer's: SQLite itself lets two threads share a connection.</summary>
    public void StoreComesBack() => SQLitePCL.raw.sqlite3_exec(_writing.ShouldNotBeNull().Connection.Handle, "PRAGMA query_only = 0").ShouldBe(0);

    public long Count(string table) => (long)Ask(Host, $"SELECT count(*) FROM {table} WHERE source = '{Broker}'")[0];

    /// <summary>The bodies of the journal in the order of arrival.</summary>
    public IReadOnlyList<string> Bodies() => BodiesOf(Host, Broker);

    /// <inheritdoc cref="Bodies"/>
    public static IReadOnlyList<string> BodiesOf(TestHost host, string source) =>
        [.. Ask(host, $"SELECT body FROM journal WHERE source = '{source}' ORDER BY position").Select(body => Encoding.UTF8.GetString((byte[])body))];

    public IReadOnlyList<string> Reasons() => [.. Ask(Host, $"SELECT reason FROM unreadable_bodies WHERE source = '{Broker}'").Cast<string>()];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static List<object> Ask(TestHost host, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={host.PathOf("store.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var found = new List<object>();
        while (rows.Read())
        {
            found.Add(rows[0]);
        }

        return found;
    }
}
