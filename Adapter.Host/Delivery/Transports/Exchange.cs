namespace Adapter.Host.Delivery.Transports;

/// <summary>What the handler saw on the wire during one attempt. Filled by <see cref="CaptureHandler"/>, read when the attempt is over.</summary>
internal sealed class Exchange(CancellationToken stop)
{
    /// <summary>Bytes of an answer that are read and kept. A receipt has a few hundred.</summary>
    public const int ReplyCap = 1024 * 1024;

    private volatile bool _requestLeft;

    /// <summary>Ends the attempt: its timeout, or the host stopping. WCF itself offers no cancellation.</summary>
    public CancellationToken Stop { get; } = stop;

    /// <summary>HTTP headers of the destination's own, credentials among them.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; set; } = [];

    /// <summary>Whether the SOAP 1.1 action goes out bare.</summary>
    public bool UnquotedAction { get; set; }

    public bool RequestLeft => _requestLeft;

    public int? Status { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Where a redirect pointed. It is never followed: the new address is not the one that was approved.</summary>
    public Uri? Location { get; set; }

    public string? Charset { get; set; }

    public string? MediaType { get; set; }

    public string? ContentEncoding { get; set; }

    public ReadOnlyMemory<byte> Reply { get; set; }

    public bool ReplyTooLong { get; set; }

    /// <summary>Why the exchange ended before the answer was complete.</summary>
    public Exception? Failure { get; set; }

    public void MarkRequestLeft() => _requestLeft = true;
}
