using Adapter.Host.Ingest.Credentials;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Says from a request's headers and address who it is, before anybody reads its body.</summary>
internal sealed class Doorkeeper(Sources sources, ISourceKeys keys, TimeProvider time)
{
    private const string Bearer = "Bearer ";

    /// <exception cref="Storage.StoreUnavailableException">Whose key it is cannot be told now.</exception>
    public async Task<Caller> IdentifyAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var peer = context.Connection.RemoteIpAddress;
        if ((sources.BySecret(headers) ?? await ByKeyAsync(headers, context.RequestAborted)) is { } known)
        {
            return known.MayCallFrom(peer) ? new Caller.Known(known) : new Caller.OffTheList(known.Name);
        }

        if (SignedHeaders.Read(headers) is not { } signed)
        {
            return Caller.Stranger;
        }

        var now = time.GetUtcNow();
        var inTime = sources.Signing.Where(source => signed.IsWithin(source.SigningWindow, now)).ToList();
        var admitted = inTime.Where(source => source.MayCallFrom(peer)).ToList();
        return inTime.Count == 0 ? Caller.Stranger
            : admitted.Count == 0 ? new Caller.OffTheList(string.Join(", ", inTime.Select(source => source.Name)))
            : new Caller.Signed(admitted, signed);
    }

    private async Task<Source?> ByKeyAsync(IHeaderDictionary headers, CancellationToken cancellationToken) =>
        sources.AnyHasAKey && headers.Authorization is [{ } given] && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && await keys.HolderOfAsync(given[Bearer.Length..].Trim(), cancellationToken) is { } holder
            ? sources.ByPrincipal(holder)
            : null;
}

/// <summary>Who a request is from, as far as its headers tell.</summary>
internal abstract record Caller
{
    public static Caller Stranger { get; } = new Nobody();

    public sealed record Known(Source Source) : Caller;

    /// <summary>One of these, if the signature holds; that takes the body.</summary>
    public sealed record Signed(IReadOnlyList<Source> Candidates, SignedHeaders Headers) : Caller;

    public sealed record OffTheList(string Sources) : Caller;

    public sealed record Nobody : Caller;
}
