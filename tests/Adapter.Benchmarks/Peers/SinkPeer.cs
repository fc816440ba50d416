using System.Text;

namespace Adapter.Benchmarks.Peers;

/// <summary>A receiver that takes everything: finds the message id in the bytes and confirms it.</summary>
internal static class SinkPeer
{
    private const string Head = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><NotificationReceipt xmlns=\"urn:customstransit:manifest:1\"><MessageId>";
    private const string Tail = "</MessageId><Result>ACCEPTED</Result></NotificationReceipt></s:Body></s:Envelope>";

    public static WebApplication Build()
    {
        var app = Peer.Slim().Build();
        var taken = 0L;
        app.MapGet("/taken", () => Volatile.Read(ref taken));
        app.MapPost("/manifest", (HttpContext context) => TakeAsync(context, TimeSpan.Zero));
        app.MapPost("/slow/manifest", (HttpContext context) => TakeAsync(context, TimeSpan.FromMilliseconds(200)));
        return app;

        async Task TakeAsync(HttpContext context, TimeSpan after)
        {
            using var body = new MemoryStream(2048);
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var id = IdOf(body.GetBuffer().AsSpan(0, (int)body.Length));
            if (after > TimeSpan.Zero)
            {
                await Task.Delay(after, context.RequestAborted);
            }

            Interlocked.Increment(ref taken);
            context.Response.ContentType = "text/xml; charset=utf-8";
            await context.Response.WriteAsync(Head + id + Tail);
        }
    }

    private static string IdOf(ReadOnlySpan<byte> xml)
    {
        var from = xml[(xml.IndexOf("<MessageId>"u8) + 11)..];
        return Encoding.ASCII.GetString(from[..from.IndexOf((byte)'<')]);
    }
}
