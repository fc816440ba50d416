using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Admin;

/// <summary>Authenticates calls by <c>Authorization: Bearer ct_…</c>, or by HTTP Basic with the principal's name and the key. There is no anonymous call, not even on loopback.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IPrincipalStore principals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header])
        {
            return AuthenticateResult.NoResult();
        }

        var (name, key) = Presented(header);
        if (key is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (await principals.AuthenticateAsync(key, Context.RequestAborted) is not { } principal || (name is not null && name != principal.Name))
        {
            return AuthenticateResult.Fail("The key is not valid.");
        }

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, principal.Name), .. principal.Roles.Select(role => new Claim(ClaimTypes.Role, role))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>A key by itself, or as the password of HTTP Basic, which is what SOAP stacks can send.</summary>
    private static (string? Name, string? Key) Presented(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return (null, header["Bearer ".Length..].Trim());
        }

        var bytes = new byte[1024];
        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var name, var key] ? (name, key) : (null, null);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "admin.unauthenticated",
            detail: "Send 'Authorization: Bearer KEY'. An administrator makes keys; the first one comes from 'key add' on the command line.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "admin.forbidden",
            detail: "Your roles do not allow this. Ask an administrator.").ExecuteAsync(Context);
}
