namespace Adapter.Host.Brokers;

/// <summary>Makes the tokens that tell Service Bus who we are.</summary>
internal interface ITokenSource
{
    /// <summary>Whether a new one can be had when one ends.</summary>
    bool Renews { get; }

    /// <param name="audience">What it is for, as <c>sb://host/entity</c>.</param>
    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    Task<BrokerToken> GetAsync(string audience, CancellationToken cancellationToken);
}

/// <param name="Type">As <c>$cbs</c> is told it.</param>
/// <param name="Expires">By this machine's clock; null for one that does not say so.</param>
internal sealed record BrokerToken(string Type, string Text, DateTimeOffset? Expires);
