namespace Adapter.Host.SoapServices;

/// <summary>Remembers messages by caller and id, and writes the audit line of every call.</summary>
internal interface ISoapCallStore
{
    /// <summary>Binds an id to its content, if it is not bound yet.</summary>
    /// <exception cref="Storage.StoreUnavailableException">Nothing was kept.</exception>
    Task<MessageBinding> BindAsync(MessageKey key, string operation, string sha256, CancellationToken cancellationToken);

    /// <summary>Notes how a call ended: its audit line, and with it what a repeat of its message is answered.</summary>
    /// <param name="key">Null for a message without id.</param>
    /// <param name="answer">What a repeat is answered; null where it shall be asked anew.</param>
    /// <param name="release">The message had no effect, so its id may come with another content.</param>
    Task EndAsync(string service, string caller, string operation, string outcome, MessageKey? key, byte[]? answer, bool release, CancellationToken cancellationToken);
}

internal sealed record MessageKey(string Service, string Caller, string Id);

/// <summary>What is remembered of a message.</summary>
internal abstract record MessageBinding
{
    /// <summary>New, or known with the same content and without a final answer.</summary>
    public sealed record Open : MessageBinding;

    /// <summary>Answered before.</summary>
    public sealed record Answered(byte[] Answer) : MessageBinding;

    /// <summary>The id came before with another content.</summary>
    public sealed record OtherContent : MessageBinding;
}
