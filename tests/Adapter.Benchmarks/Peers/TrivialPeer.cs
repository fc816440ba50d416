namespace Adapter.Benchmarks.Peers;

/// <summary>The least that can answer a request.</summary>
internal static class TrivialPeer
{
    public static WebApplication Build()
    {
        var app = Peer.Slim().Build();
        app.MapGet("/health/ready", () => "Healthy");
        return app;
    }
}
