using System.Globalization;
using System.Text;
using System.Text.Json;
using Adapter.Host.Storage;
using Amqp;
using Amqp.Framing;

namespace Adapter.Host.Brokers;

/// <summary>Tokens of Microsoft Entra ID for an application with a secret (OAuth 2.0 client credentials).</summary>
/// <remarks>
/// Unproven: written from the documented request, scope and token type, and run against a directory of the tests alone. The cloud was never reached.
/// </remarks>
internal sealed class EntraTokens(EntraSettings settings, TimeProvider time) : ITokenSource
{
    /// <summary>As <c>$cbs</c> is told it.</summary>
    public const string Type = "jwt";

    /// <summary>All that the application may do on Service Bus. The second slash belongs to the audience's name.</summary>
    public const string Scope = "https://servicebus.azure.net//.default";

    private const int MostBytes = 64 * 1024;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = BrokerConnector.Patience,
        MaxResponseContentBufferSize = MostBytes,
    };

    public bool Renews => true;

    /// <remarks>One token is good for all audiences of the namespace.</remarks>
    public async Task<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = settings.Client!,
            ["client_secret"] = Encoding.UTF8.GetString(SecretReference.Resolve(settings.Secret!)),
            ["scope"] = Scope,
        });
        var asked = time.GetUtcNow();
        using var response = await Http.PostAsync(new Uri($"{settings.Authority.TrimEnd('/')}/{Uri.EscapeDataString(settings.Tenant!)}/oauth2/v2.0/token"), form, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var answer = Read(body);
        if (response.IsSuccessStatusCode && answer is { AccessToken: { Length: > 0 } token, ExpiresIn: > 0 and var seconds })
        {
            return new BrokerToken(Type, token, asked + TimeSpan.FromSeconds(seconds));
        }

        var refused = (int)response.StatusCode is >= 400 and < 500 and not 429;
        throw new AmqpException(new Error(refused ? ErrorCode.UnauthorizedAccess : ErrorCode.ConnectionForced)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{settings.Authority} gave no token, HTTP {(int)response.StatusCode} {answer?.Error}. See Entra:Tenant, Client and Secret."),
        });
    }

    private static Answer? Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind != JsonValueKind.Object ? null : new Answer(
                Text(json.RootElement, "access_token"),
                json.RootElement.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var number) ? number : 0,
                Text(json.RootElement, "error"));
        }
        catch (JsonException)
        {
            // A proxy's page, for instance; the status is told.
            return null;
        }
    }

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Answer(string? AccessToken, int ExpiresIn, string? Error);
}
