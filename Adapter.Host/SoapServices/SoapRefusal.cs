namespace Adapter.Host.SoapServices;

/// <summary>A message that the endpoint does not take. Its text is written for the caller and holds nothing of our insides.</summary>
/// <remarks>Never leaves the endpoint: it becomes a fault there.</remarks>
internal sealed class SoapRefusal(SoapBlame blame, string code, string text) : Exception(text)
{
    public SoapBlame Blame { get; } = blame;

    /// <summary>Stable problem code.</summary>
    public string Code { get; } = code;

    /// <summary>Path of the element that is meant, or null.</summary>
    public string? Pointer { get; init; }

    /// <summary>Local name of WS-Security's own fault code, where it has one for this.</summary>
    public string? SecurityCode { get; init; }

    /// <summary>HTTP status where HTTP has its own for this; else the version decides.</summary>
    public int? Status { get; init; }

    public static SoapRefusal Sender(string code, string text, string? pointer = null) => new(SoapBlame.Sender, code, text) { Pointer = pointer };
}
