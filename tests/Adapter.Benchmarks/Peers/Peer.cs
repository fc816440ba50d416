using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Adapter.Benchmarks.Peers;

/// <summary>Runs one peer until standard input closes.</summary>
internal static class Peer
{
    public static async Task<int> RunAsync(string name, string[] args)
    {
        await using var app = name switch
        {
            "parse-only" => ParseOnlyPeer.Build(),
            "trivial" => TrivialPeer.Build(),
            "sink" => SinkPeer.Build(),
            "host" => HostPeer.Build(args, deciding: true),
            "intake" => HostPeer.Build(args, deciding: false),
            "soap-ours" => SoapPeers.Ours(),
            "soap-bare" => SoapPeers.Bare(),
            "soap-core" => SoapPeers.Core(),
            "soap-host" => await SoapPeers.HostAsync(args),
            "floor" => FloorPeer.Build(args),
            _ => throw new ArgumentException($"There is no peer '{name}'."),
        };
        await app.StartAsync();
        Console.WriteLine($"ready {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
        return 0;
    }

    public static WebApplicationBuilder Slim()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }
}
