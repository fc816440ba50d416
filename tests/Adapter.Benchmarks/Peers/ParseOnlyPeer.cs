using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adapter.Benchmarks.Peers;

/// <summary>Kestrel that parses the bodies into an object with a source-generated serializer and answers: no store, no decision.</summary>
internal static class ParseOnlyPeer
{
    public static WebApplication Build()
    {
        var app = Peer.Slim().Build();
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            // One object or an array, as the intake takes them.
            using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
            var count = bytes[0] == (byte)'['
                ? JsonSerializer.Deserialize(bytes, PushJson.Default.PushArray)!.Length
                : JsonSerializer.Deserialize(bytes, PushJson.Default.Push) is null ? 0 : 1;
            return Results.Ok(new Taken(count, 0, []));
        });
        return app;
    }
}

internal sealed record Taken(int Accepted, int Duplicate, string[] Quarantined);

internal sealed record Push(
    string AssetId, double Longitude, double Latitude, int Speed, int Direction, long Mileage, string GpsTime, string RecvTime, int LocType, int CellSignal,
    int GnssSignal, string Cells, int Battery, string Voltage, string StatusJson, string ExpandInfo);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Push))]
[JsonSerializable(typeof(Push[]))]
internal sealed partial class PushJson : JsonSerializerContext;
