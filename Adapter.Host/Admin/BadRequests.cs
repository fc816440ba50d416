using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace Adapter.Host.Admin;

/// <summary>Says what is wrong with a request body that cannot be read: which property, where, and what was expected.</summary>
internal sealed class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }

        var detail = bad.InnerException is JsonException json
            ? $"The body is not what this operation takes, at {json.Path ?? "its start"} (line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}): {Plain(json)} See /api/openapi.json."
            : bad.Message;
        await Results.Problem(statusCode: bad.StatusCode, title: "request.invalid", detail: detail).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The library's message names our classes; callers need the property.</summary>
    private static string Plain(JsonException json) =>
        json.Message.Split("could not be mapped", 2) is [var property, _] ? property.Trim() + " is not known." : "the value has another form than expected, or a required property is missing.";
}
