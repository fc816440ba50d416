using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using System.Xml;
using Adapter.Mappings.Validation;
using Microsoft.Data.Sqlite;

namespace Adapter.Benchmarks.Peers;

/// <summary>
/// What a careful programmer would write by hand for this one case and nothing else: parse, group commit, XmlWriter, validation, HttpClient, the outcome in the next
/// group commit. No copies found, no journeys, no episodes, no lanes, no order, no retry, no explanation.
/// </summary>
internal sealed class FloorPeer : IAsyncDisposable
{
    private const int InFlight = 32;

    private readonly Channel<Item> _writes = Channel.CreateBounded<Item>(8192);
    private readonly Channel<Item> _sends = Channel.CreateBounded<Item>(8192);
    private readonly SqliteConnection _connection;
    private readonly HttpClient _client;
    private readonly Uri _destination;
    private readonly SchemaTarget _target = SchemaCatalogue.BuiltIn.Target("soap/manifest-notification");
    private readonly List<Task> _loops = [];

    private FloorPeer(string folder, Uri destination)
    {
        _destination = new Uri(destination, "manifest");
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "floor.db")};Pooling=false");
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA cache_size = -65536");
        Execute("CREATE TABLE events (id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT");
        Execute("CREATE TABLE outcomes (id INTEGER PRIMARY KEY, sent BLOB NOT NULL, finished_at INTEGER NOT NULL, status INTEGER NOT NULL, reply BLOB NOT NULL) STRICT");
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = InFlight });
        _loops.Add(Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        _loops.AddRange(Enumerable.Range(0, InFlight).Select(_ => Task.Run(SendAsync)));
    }

    public static WebApplication Build(string[] args)
    {
        var builder = Peer.Slim();
        builder.Services.AddSingleton(new FloorPeer(args[0], new Uri(args[1])));
        var app = builder.Build();
        var floor = app.Services.GetRequiredService<FloorPeer>();
        app.MapPost("/{**path}", (Delegate)floor.TakeAsync);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        _sends.Writer.TryComplete();
        await Task.WhenAll(_loops.Skip(1));
        _writes.Writer.TryComplete();
        await _loops[0];
        _client.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        var item = new Item(bytes, JsonSerializer.Deserialize(bytes, FloorJson.Default.AlarmRow)!);
        await _writes.Writer.WriteAsync(item, context.RequestAborted);
        await item.Stored.Task;
        await _sends.Writer.WriteAsync(item, context.RequestAborted);
        return Results.Ok(new Taken(1, 0, []));
    }

    private void Write()
    {
        using var insert = Command("INSERT INTO events (received_at, body) VALUES (?1, ?2)", 2);
        using var outcome = Command("INSERT INTO outcomes (id, sent, finished_at, status, reply) VALUES (?1, ?2, ?3, ?4, ?5)", 5);
        using var lastId = Command("SELECT last_insert_rowid()", 0);
        var group = new List<Item>();
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            Execute("BEGIN IMMEDIATE");
            while (group.Count < 1024 && _writes.Reader.TryRead(out var item))
            {
                group.Add(item);
                if (item.Sent is null)
                {
                    Run(insert, TimeProvider.System.GetUtcNow().Ticks, item.Body);
                    item.Id = (long)lastId.ExecuteScalar()!;
                }
                else
                {
                    Run(outcome, item.Id, item.Sent, TimeProvider.System.GetUtcNow().Ticks, item.Status, item.Reply!);
                }
            }

            Execute("COMMIT");
            foreach (var item in group)
            {
                (item.Sent is null ? item.Stored : item.Recorded).SetResult();
            }
        }
    }

    private async Task SendAsync()
    {
        await foreach (var item in _sends.Reader.ReadAllAsync())
        {
            var xml = Notification(item);
            if (XsdValidator.Validate(xml, _target.Schemas) is { Count: > 0 } problems)
            {
                throw new InvalidOperationException(problems[0].Message);
            }

            var envelope = new MemoryStream(2048);
            envelope.Write("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"u8);
            envelope.Write(xml);
            envelope.Write("</s:Body></s:Envelope>"u8);
            using var request = new HttpRequestMessage(HttpMethod.Post, _destination) { Content = new ByteArrayContent(envelope.GetBuffer(), 0, (int)envelope.Length) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "utf-8" };
            request.Headers.TryAddWithoutValidation("SOAPAction", "\"urn:customstransit:manifest:1/NotifySealEvent\"");
            using var response = await _client.SendAsync(request);
            item.Reply = await response.Content.ReadAsByteArrayAsync();
            item.Status = (int)response.StatusCode;
            item.Sent = xml;
            await _writes.Writer.WriteAsync(item);
            await item.Recorded.Task;
        }
    }

    private static byte[] Notification(Item item)
    {
        const string ns = "urn:customstransit:manifest:1";
        using var bytes = new MemoryStream(1024);
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            void Text(string name, string value) => writer.WriteElementString(name, ns, value);
            writer.WriteStartElement("SealNotification", ns);
            Text("MessageId", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(item.Row.FGUID)).AsSpan(0, 16)));
            Text("Sequence", XmlConvert.ToString(item.Id));
            writer.WriteStartElement("Event", ns);
            Text("Code", item.Row.FDataType == 10 ? "ROPE_CUT" : "LOW_BATTERY");
            Text("Alarm", "true");
            Text("OccurredAt", item.Row.FStartTime + "Z");
            Text("ReportedAt", XmlConvert.ToString(TimeProvider.System.GetUtcNow().UtcDateTime, XmlDateTimeSerializationMode.Utc));
            Text("Lock", item.Row.FAssetID);
            writer.WriteStartElement("Position", ns);
            Text("Latitude", XmlConvert.ToString(decimal.Round((decimal)item.Row.FStartLatitude, 6)));
            Text("Longitude", XmlConvert.ToString(decimal.Round((decimal)item.Row.FStartLongitude, 6)));
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private SqliteCommand Command(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
        }

        command.Prepare();
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = Command(sql, 0);
        command.ExecuteNonQuery();
    }

    private sealed class Item(byte[] body, AlarmRow row)
    {
        public byte[] Body { get; } = body;

        public AlarmRow Row { get; } = row;

        public long Id { get; set; }

        public byte[]? Sent { get; set; }

        public int Status { get; set; }

        public byte[]? Reply { get; set; }

        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

internal sealed record AlarmRow(string FGUID, string FAssetID, int FDataType, string FStartTime, double FStartLongitude, double FStartLatitude);

[JsonSerializable(typeof(AlarmRow))]
internal sealed partial class FloorJson : JsonSerializerContext;
