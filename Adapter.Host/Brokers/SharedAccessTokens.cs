namespace Adapter.Host.Brokers;

/// <summary>Tokens that we sign with a shared access key.</summary>
internal sealed class SharedAccessTokens(string keyName, string key, TimeSpan lifetime, TimeProvider time) : ITokenSource
{
    public bool Renews => true;

    public Task<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken)
    {
        var expires = time.GetUtcNow() + lifetime;
        return Task.FromResult(new BrokerToken(SharedAccessToken.Type, SharedAccessToken.Create(audience, keyName, key, expires), expires));
    }
}

/// <summary>The one token that a connection string holds instead of a key. It ends when it ends, and the broker closes the link then.</summary>
internal sealed class ReadyToken(string signature) : ITokenSource
{
    public bool Renews => false;

    public Task<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken) =>
        Task.FromResult(new BrokerToken(SharedAccessToken.Type, signature, SharedAccessToken.ExpiryOf(signature)));
}
