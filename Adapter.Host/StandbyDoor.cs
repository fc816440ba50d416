using Adapter.Host.Storage;

namespace Adapter.Host;

/// <inheritdoc/>
/// <remarks>
/// At the addresses of the host itself: alive, not ready, and nothing is taken. Whoever decides where requests go learns from <c>/health/ready</c> which host works; a
/// sender that comes all the same is told that nothing was kept, instead of a refused connection that says nothing.
/// </remarks>
internal sealed partial class StandbyDoor(IConfiguration configuration, ILogger<StandbyDoor> logger) : IStandbyDoor
{
    private const string Soon = "5";

    public async Task<IAsyncDisposable?> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var app = Build();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            // As where both hosts run on one machine, with one port.
            await app.DisposeAsync();
            LogClosed(database, taken.Message);
            return null;
        }

        LogOpen(database, string.Join(", ", app.Urls));
        return app;
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        // The host tells what it does; signals are its business, too.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, WithoutSignals>();
        AdapterHost.Doors(builder);
        var app = builder.Build();
        app.MapGet("/health/live", () => "Healthy");
        app.MapGet("/health/ready", (HttpResponse response) =>
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return "Standby";
        });
        app.MapFallback("{**anything}", (HttpResponse response) =>
        {
            response.Headers.RetryAfter = Soon;
            return Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "host.standby",
                detail: "This host stands by: another one works on the same database, and takes what is sent. Nothing of this request was kept. /health/ready tells which host works.");
        });
        return app;
    }

    [LoggerMessage(2010, LogLevel.Information, "Another host decides and delivers on {Database}; this one stands by, and says so at {Addresses}.")]
    private partial void LogOpen(string database, string addresses);

    [LoggerMessage(2016, LogLevel.Warning, "Another host decides and delivers on {Database}; this one stands by, and cannot say so at its addresses: {Reason}")]
    private partial void LogClosed(string database, string reason);
}
