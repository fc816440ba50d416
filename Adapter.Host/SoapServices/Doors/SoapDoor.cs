using System.Net.Http.Headers;
using System.Xml.Linq;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Authorization;

namespace Adapter.Host.SoapServices.Doors;

/// <summary>One path for SOAP 1.1 and 1.2: the operation is the root element of the body, whatever the action says.</summary>
internal static partial class SoapDoor
{
    /// <param name="serve">Answers the body's element, with an element or a refusal.</param>
    /// <param name="wsdl">File of the description, answered to <c>GET …?wsdl</c>.</param>
    public static void MapSoapDoor(
        this IEndpointRouteBuilder routes, string path, string wsdl, Func<XElement, Actor, IServiceProvider, CancellationToken, Task<(XElement? Answer, SoapRefusal? Refusal)>> serve)
    {
        // Any principal may knock; whom the settings name is let in by the service itself.
        routes.MapPost(path, context => ServeAsync(context, serve)).RequireAuthorization(new AuthorizeAttribute()).ExcludeFromDescription();
        // Beside the schemas that it imports by relative address.
        routes.MapGet(path, (HttpContext context) => context.Request.Query.ContainsKey("wsdl") ? Results.Redirect($"/schemas/soap/{wsdl}") : Results.StatusCode(StatusCodes.Status405MethodNotAllowed))
            .ExcludeFromDescription();
    }

    private static async Task ServeAsync(HttpContext context, Func<XElement, Actor, IServiceProvider, CancellationToken, Task<(XElement? Answer, SoapRefusal? Refusal)>> serve)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || SoapForm.Of(type) is not { } form)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var (content, refusal) = SoapEnvelopes.Read(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), type, form);
        XElement? answer = null;
        if (content is not null)
        {
            try
            {
                (answer, refusal) = await serve(content, context.Actor(), context.RequestServices, context.RequestAborted);
            }
            catch (StoreUnavailableException)
            {
                refusal = new SoapRefusal(Blame.Receiver, "Nothing was kept; send the same again later.");
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or BadHttpRequestException))
            {
                LogFailed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SoapDoor)), exception, context.Request.Path);
                refusal = new SoapRefusal(Blame.Receiver, "The call failed inside the service; send the same again later.");
            }
        }

        context.Response.StatusCode = refusal switch
        {
            null => StatusCodes.Status200OK,
            // SOAP 1.1 over HTTP knows 500 alone for faults; 1.2 blames by status too.
            { Blame: Blame.Receiver } => StatusCodes.Status500InternalServerError,
            _ => form == SoapForm.Soap11 ? StatusCodes.Status500InternalServerError : StatusCodes.Status400BadRequest,
        };
        context.Response.ContentType = form.MediaType + "; charset=utf-8";
        await context.Response.Body.WriteAsync(refusal is null ? SoapEnvelopes.Write(form, answer!) : SoapEnvelopes.Write(form, refusal), context.RequestAborted);
    }

    [LoggerMessage(7001, LogLevel.Error, "A call at {Path} failed inside the adapter; the caller was told to send it again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string path);
}
