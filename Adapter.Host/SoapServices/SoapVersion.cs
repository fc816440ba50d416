namespace Adapter.Host.SoapServices;

/// <summary>What differs between SOAP 1.1 and 1.2 on the wire.</summary>
internal sealed record SoapVersion(string Namespace, string MediaType, string Sender, string Receiver)
{
    public static readonly SoapVersion Soap11 = new("http://schemas.xmlsoap.org/soap/envelope/", "text/xml", "Client", "Server");
    public static readonly SoapVersion Soap12 = new("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml", "Sender", "Receiver");

    /// <summary>The version that a media type stands for, or null.</summary>
    public static SoapVersion? Of(string mediaType) =>
        string.Equals(mediaType, Soap11.MediaType, StringComparison.OrdinalIgnoreCase) ? Soap11
        : string.Equals(mediaType, Soap12.MediaType, StringComparison.OrdinalIgnoreCase) ? Soap12
        : null;

    /// <summary>HTTP status of a fault: 1.1 has one for all, 1.2 blames the sender with 400.</summary>
    public int StatusOf(SoapBlame blame) => this == Soap12 && blame == SoapBlame.Sender ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
}

/// <summary>Who has to do something about a fault.</summary>
internal enum SoapBlame
{
    Sender,
    Receiver,
    VersionMismatch,
    MustUnderstand,
}
