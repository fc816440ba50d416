using System.Net;
using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.SoapServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Host.Tests.SoapServices;

/// <summary>A password that came over an open line has been seen by others; only this machine's own line is no line.</summary>
public class OpenLineTests
{
    private const string Service = "transit-registration";
    private const string Password = "a-password-that-both-sides-hold";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CallerCheck _check;

    public OpenLineTests()
    {
        Environment.SetEnvironmentVariable("CT_TEST_OPEN_LINE", Password);
        var options = new SoapServicesOptions { Services = { [Service] = new SoapServiceOptions { Callers = { ["legacy"] = new SoapCallerOptions { Password = "env:CT_TEST_OPEN_LINE" } } } } };
        _check = new CallerCheck(Options.Create(options), new Everybody(), new NonceCache(_time), new SecurityLog(_time, NullLogger<SecurityLog>.Instance), _time);
    }

    public static TheoryData<string, string, bool, string> Lines
    {
        get
        {
            var lines = new TheoryData<string, string, bool, string>();
            foreach (var way in (string[])["text", "digest", "basic"])
            {
                lines.Add(way, "10.1.2.3", false, "soap.tls");
                lines.Add(way, "2001:db8::7", false, "soap.tls");
                lines.Add(way, "10.1.2.3", true, "legacy");
                lines.Add(way, "127.0.0.1", false, "legacy");
                lines.Add(way, "::1", false, "legacy");
                lines.Add(way, "::ffff:10.1.2.3", false, "soap.tls");
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_password_over_an_open_line_is_refused_and_the_right_one_too(string way, string peer, bool tls, string expected)
    {
        var context = new DefaultHttpContext { Request = { Scheme = tls ? "https" : "http" }, Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };
        var created = "2026-03-01T12:00:00Z";
        byte[] nonce = [1, 2, 3, 4];
#pragma warning disable CA5350 // As the profile has it.
        var digest = Convert.ToBase64String(SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(created + Password)]));
#pragma warning restore CA5350
        var token = way switch
        {
            "text" => new UsernameToken("legacy", Password, IsDigest: false, Nonce: null, Created: null),
            "digest" => new UsernameToken("legacy", digest, IsDigest: true, nonce, created),
            _ => null,
        };
        if (token is null)
        {
            context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("legacy:" + Password));
        }

        (await ToldAsync(context, token)).ShouldBe(expected);
    }

    private async Task<string> ToldAsync(HttpContext context, UsernameToken? token)
    {
        try
        {
            return await _check.AuthenticateAsync(Service, context, token is null ? null : new SecurityHeader(token, null, null), TestContext.Current.CancellationToken);
        }
        catch (SoapRefusal refusal)
        {
            return refusal.Code;
        }
    }

    private sealed class Everybody : IServiceCallers
    {
        public Task<bool> MayCallAsync(string name, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> HoldsKeyAsync(string name, string key, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
