using Adapter.Host.Ingest.Credentials;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Refuses a request that gives its length in two ways, and closes its connection.</summary>
/// <remarks>
/// Kestrel would go by the chunks. A proxy in front may go by the other length, and then what one takes for a body the other takes for
/// the next request (RFC 9112, 6.3).
/// </remarks>
internal static class OneLengthOnly
{
    /// <summary>Where Kestrel puts a Content-Length that it set aside for Transfer-Encoding.</summary>
    private const string SetAside = "X-Content-Length";

    public static void UseOneLengthOnly(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Headers.ContainsKey("Transfer-Encoding") || !context.Request.Headers.ContainsKey(SetAside))
        {
            await next(context);
            return;
        }

        context.RequestServices.GetRequiredService<SecurityLog>().AmbiguousLength(context.Connection.RemoteIpAddress);
        context.Response.Headers.Connection = "close";
        await Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "request.invalid",
            detail: "The request gives Content-Length and Transfer-Encoding. Send one of them.").ExecuteAsync(context);
    });
}
