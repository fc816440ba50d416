namespace Adapter.Host.SoapServices;

/// <summary>The call under way: who calls and with what id. A service takes it beside what it needs itself; one per request.</summary>
internal sealed class SoapCall
{
    /// <summary>Name of the principal that calls.</summary>
    public string Caller { get; set; } = "";

    /// <summary>The operation's name in the contract.</summary>
    public string Operation { get; set; } = "";

    /// <summary><c>wsa:MessageID</c>, or null.</summary>
    public string? MessageId { get; set; }

    /// <summary><c>wsa:RelatesTo</c>, or null.</summary>
    public string? RelatesTo { get; set; }

    /// <summary>Ends when the caller goes away.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Set by a service whose answer is not the last word: a repeat of the message runs the operation again.</summary>
    public bool AnswerIsProvisional { get; set; }

    /// <summary>Set by a service that had nothing to do or to tell: such calls share an audit line.</summary>
    public bool FoundNothing { get; set; }
}
