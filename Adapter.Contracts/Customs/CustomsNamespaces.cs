namespace Adapter.Contracts.Customs;

/// <summary>XML namespaces of the services that customs call on us; each is also the start of its SOAP actions.</summary>
public static class CustomsNamespaces
{
    public const string Registration = "urn:customstransit:registration:1";

    public const string Notifications = "urn:customstransit:notifications:1";

    /// <summary>Of the service; its messages have the namespaces of the WCO.</summary>
    public const string WcoExchange = "urn:customstransit:wco-exchange:1";
}
