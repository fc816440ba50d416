using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.SoapServices;

/// <summary>Finds out who calls a service. One text for every way of being wrong, so that nobody learns which part was right.</summary>
internal sealed class CallerCheck(IOptions<SoapServicesOptions> options, IServiceCallers principals, NonceCache nonces, SecurityLog log, TimeProvider time)
{
    /// <summary>WS-Security's fault code of a caller that this class has refused, and written down.</summary>
    public const string NotRecognised = "FailedAuthentication";

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly SoapServiceOptions Nobody = new();

    /// <returns>The caller's name.</returns>
    /// <exception cref="SoapRefusal"><c>soap.unauthenticated</c>, or <c>soap.tls</c> where a password came over an open line.</exception>
    public async Task<string> AuthenticateAsync(string service, HttpContext context, SecurityHeader? security, CancellationToken cancellationToken)
    {
        var settings = options.Value.Services.GetValueOrDefault(service, Nobody);
        var basic = Basic(context.Request.Headers.Authorization);
        var (name, refusal) = (security, basic, context.Connection.ClientCertificate) switch
        {
            ({ Token: not null }, not null, _) => (null, Wrong()),
            ({ Token: { } token }, _, _) => (await OfTokenAsync(settings, context, token, cancellationToken), Wrong()),
            (_, { } given, _) => (await OfPasswordAsync(settings, CallerProof.Basic, context, given.User, given.Password, cancellationToken), Wrong(StatusCodes.Status401Unauthorized)),
            (_, _, { } certificate) => (OfCertificate(settings, certificate), Wrong(StatusCodes.Status403Forbidden)),
            _ => (null, Wrong(StatusCodes.Status401Unauthorized)),
        };
        if (name is null || !Fresh(security) || !await principals.MayCallAsync(name, cancellationToken))
        {
            log.Unauthenticated(context.Connection.RemoteIpAddress, context.Request.Path);
            if (refusal.Status == StatusCodes.Status401Unauthorized && settings.Takes(CallerProof.Basic))
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"CustomsTransit\", charset=\"UTF-8\"";
            }

            throw refusal;
        }

        return name;
    }

    /// <summary>Whether a caller may call an operation.</summary>
    public bool May(string service, string caller, string operation) =>
        options.Value.Services.GetValueOrDefault(service, Nobody).Callers.TryGetValue(caller, out var its) && its.May(operation);

    private async Task<string?> OfTokenAsync(SoapServiceOptions settings, HttpContext context, UsernameToken token, CancellationToken cancellationToken)
    {
        if (!token.IsDigest)
        {
            return await OfPasswordAsync(settings, CallerProof.Text, context, token.User, token.Password, cancellationToken);
        }

        RefuseOpenLine(context);
        var now = time.GetUtcNow();
        if (!settings.Takes(CallerProof.Digest) || token is not { Nonce: { } nonce, Created: { } written } || SecurityHeader.Instant(written) is not { } created
            || (now - created).Duration() > options.Value.ClockWindow)
        {
            return null;
        }

        // An unknown user costs the same work, so the time of the answer tells nothing.
        var reference = settings.Callers.GetValueOrDefault(token.User)?.Password;
        var password = reference is null ? [] : SecretReference.Resolve(reference);
#pragma warning disable CA5350 // The profile has no other digest; what it guards lasts five minutes and is used once.
        var expected = SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(written), .. password]);
#pragma warning restore CA5350
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Convert.ToBase64String(expected)), Encoding.UTF8.GetBytes(token.Password.Trim()));
        return right && reference is not null && nonces.TryUse(token.User, nonce, created + options.Value.ClockWindow) ? token.User : null;
    }

    private async Task<string?> OfPasswordAsync(
        SoapServiceOptions settings, CallerProof proof, HttpContext context, string user, string password, CancellationToken cancellationToken)
    {
        RefuseOpenLine(context);
        if (!settings.Takes(proof) || settings.Callers.GetValueOrDefault(user) is not { } its)
        {
            return null;
        }

        var right = its.Password is { } reference
            ? CryptographicOperations.FixedTimeEquals(SHA256.HashData(SecretReference.Resolve(reference)), SHA256.HashData(Encoding.UTF8.GetBytes(password)))
            : await principals.HoldsKeyAsync(user, password, cancellationToken);
        return right ? user : null;
    }

    private string? OfCertificate(SoapServiceOptions settings, X509Certificate2 certificate)
    {
        var now = time.GetUtcNow();
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (!settings.Takes(CallerProof.Certificate) || now < new DateTimeOffset(certificate.NotBefore) || now > new DateTimeOffset(certificate.NotAfter)
            || (usages is not null && !usages.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value == ClientAuthentication)))
        {
            return null;
        }

        var print = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return settings.Callers.FirstOrDefault(caller => caller.Value.Certificates.Contains(print, StringComparer.OrdinalIgnoreCase)).Key;
    }

    private bool Fresh(SecurityHeader? security)
    {
        var (now, window) = (time.GetUtcNow(), options.Value.ClockWindow);
        return (security?.Created is not { } created || created - now <= window) && (security?.Expires is not { } expires || expires > now);
    }

    private static void RefuseOpenLine(HttpContext context)
    {
        if (!context.Request.IsHttps && !(context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)))
        {
            throw SoapRefusal.Sender("soap.tls", "Passwords are taken over TLS only. The one that was just sent has been seen on an open line: change it.");
        }
    }

    private static (string User, string Password)? Basic(Microsoft.Extensions.Primitives.StringValues header)
    {
        if (header is not [{ Length: <= 2048 } value] || !value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value["Basic ".Length..].Trim(), bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password]
            ? (user, password)
            : ("", "");
    }

    private static SoapRefusal Wrong(int? status = null) => new(SoapBlame.Sender, "soap.unauthenticated", "Who calls could not be established.")
    {
        SecurityCode = NotRecognised,
        Status = status,
    };
}
