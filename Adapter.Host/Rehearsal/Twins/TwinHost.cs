using System.Net;
using System.Text.Json;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>The twins of the manifest system, the transportation system and a neighbour, on one port of 127.0.0.1.</summary>
/// <remarks>
/// What a twin answers is on disk first, and a restart on the same directory remembers every id. Beside the SOAP services:
/// <c>PUT /orders/{twin}</c>, <c>GET /orders</c>, <c>GET /received/{twin}</c>, <c>GET /health</c>.
/// </remarks>
internal sealed class TwinHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IReadOnlyList<Twin> _twins;
    private readonly TwinOrders _orders;
    private readonly FileStream _claim;

    private TwinHost(WebApplication app, IReadOnlyList<Twin> twins, TwinOrders orders, FileStream claim)
    {
        (_app, _twins, _orders, _claim) = (app, twins, orders, claim);
        Address = new Uri(app.Urls.Single());
    }

    /// <summary>The root of all endpoints.</summary>
    public Uri Address { get; }

    /// <exception cref="IOException">The directory belongs to twins that run, or the port is in use.</exception>
    public static async Task<TwinHost> StartAsync(TwinSettings settings, CancellationToken cancellationToken)
    {
        var claim = Claim(settings.Directory);
        var twins = new List<Twin>();
        WebApplication? app = null;
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;   // a twin answers a message that is too large with a fault
                kestrel.Listen(IPAddress.Loopback, settings.Port);
            });
            builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, WithoutSignals>();
            app = builder.Build();

            var orders = new TwinOrders(settings.Time);
            foreach (var (dialect, schemas) in new (ITwinDialect, System.Xml.Schema.XmlSchemaSet?)[]
            {
                (new ManifestDialect(), settings.ManifestSchemas),
                (new TransportationDialect(), settings.TransportationSchemas),
                (new NeighbourDialect(), settings.NeighbourSchemas),
            })
            {
                twins.Add(new Twin(dialect, schemas, settings.Directory, orders, settings.Time, app.Lifetime.ApplicationStopping));
            }

            foreach (var twin in twins)
            {
                app.MapPost(twin.Path, twin.HandleAsync);
            }

            MapSteering(app, twins, orders, settings.Directory);
            await app.StartAsync(cancellationToken);
            return new TwinHost(app, twins, orders, claim);
        }
        catch
        {
            await StopAsync(app, twins, claim);
            throw;
        }
    }

    /// <summary>Where a twin takes messages; <paramref name="twin"/> is one of <see cref="TwinName"/>.</summary>
    public Uri Endpoint(string twin) => new(Address, _twins.Single(t => t.Name == twin).Path);

    /// <summary>Changes a twin's behaviour, as <c>PUT /orders/{twin}</c> does.</summary>
    public void Order(string twin, TwinOrder order) => _orders.Give(twin, order);

    public async ValueTask DisposeAsync() => await StopAsync(_app, _twins, _claim);

    private static void MapSteering(WebApplication app, List<Twin> twins, TwinOrders orders, string directory)
    {
        app.MapPut("/orders/{twin}", async (string twin, HttpRequest request) =>
        {
            if (!TwinName.All.Contains(twin, StringComparer.Ordinal))
            {
                return Results.NotFound(new { error = $"There is no twin '{twin}'; there are {string.Join(", ", TwinName.All)}." });
            }

            try
            {
                var order = await JsonSerializer.DeserializeAsync<TwinOrder>(request.Body, TwinRecord.Json, request.HttpContext.RequestAborted)
                    ?? throw new JsonException("The order is null.");
                orders.Give(twin, order);
                return Results.Json(order, TwinRecord.Json);
            }
            catch (Exception wrong) when (wrong is JsonException or ArgumentException)
            {
                return Results.BadRequest(new { error = wrong.Message });
            }
        });
        app.MapGet("/orders", () => Results.Json(orders.InForce(), TwinRecord.Json));
        app.MapGet("/received/{twin}", (string twin) => TwinName.All.Contains(twin, StringComparer.Ordinal)
            ? Results.Json(TwinLog.Read(directory, twin), TwinRecord.Json)
            : Results.NotFound());
        app.MapGet("/health", () => Results.Json(
            new { status = "ok", effects = twins.ToDictionary(t => t.Name, t => t.Effects, StringComparer.Ordinal) }, TwinRecord.Json));
    }

    /// <summary>Keeps a second set of twins from writing the same logs.</summary>
    private static FileStream Claim(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new FileStream(Path.Combine(directory, "twins.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Twins are running on {directory} already. Stop them, or give these another directory.", taken);
        }
    }

    private static async Task StopAsync(WebApplication? app, IReadOnlyList<Twin> twins, FileStream claim)
    {
        if (app is not null)
        {
            using var noPatience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await app.StopAsync(noPatience.Token);
            await app.DisposeAsync();
        }

        foreach (var twin in twins)
        {
            await twin.DisposeAsync();
        }

        await claim.DisposeAsync();
    }
}
