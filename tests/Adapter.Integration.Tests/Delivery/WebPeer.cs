using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>One request as it arrived.</summary>
internal sealed record Arrived(string Method, string Path, Dictionary<string, string> Headers, byte[] Body, string ConnectionId)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A real HTTP server on a loopback port that keeps what it gets and answers as told.</summary>
internal sealed class WebPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebPeer(WebApplication app) => _app = app;

    public ConcurrentQueue<Arrived> Received { get; } = new();

    public Uri Endpoint { get; private set; } = null!;

    public static async Task<WebPeer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var peer = new WebPeer(builder.Build());
        peer._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            peer.Received.Enqueue(new Arrived(
                context.Request.Method, context.Request.Path,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(), context.Connection.Id));
            await answer(context);
        });
        await peer._app.StartAsync();
        peer.Endpoint = new Uri(new Uri(peer._app.Urls.First()), "/soap");
        return peer;
    }

    /// <summary>Always the same answer.</summary>
    public static Task<WebPeer> AnsweringAsync(int status, string? contentType, string body, params (string Name, string Value)[] headers) =>
        StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }
            if (body.Length > 0)
            {
                await context.Response.WriteAsync(body, context.RequestAborted);
            }
        });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
