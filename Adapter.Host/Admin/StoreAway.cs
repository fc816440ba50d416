using System.Data.Common;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Adapter.Host.Admin;

/// <summary>A store that is away is no error of the program: the caller is asked to come again.</summary>
internal sealed class StoreAway : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not StoreUnavailableException && (exception is not DbException error || StoreFault.IsOfTheData(error)))
        {
            return false;
        }

        httpContext.Response.Headers.RetryAfter = "5";
        await Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "store.unavailable", detail: "The store does not answer. Nothing was changed; ask again in a few seconds.").ExecuteAsync(httpContext);
        return true;
    }
}
