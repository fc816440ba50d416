using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices;

/// <summary>Serves our WSDL and XSD files as they are, so that legacy teams can read them from the running host.</summary>
internal static class ServiceDescriptions
{
    /// <summary><c>GET /schemas/soap/manifest-notification.wsdl</c> and the files that it imports by relative address.</summary>
    public static void MapServiceDescriptions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/schemas/{**file}", (string file) =>
            SchemaCatalogue.Files.Contains(file)
                ? Results.Text(SchemaCatalogue.OpenText(file), file.EndsWith(".json", StringComparison.Ordinal) ? "application/schema+json" : "text/xml")
                : Results.NotFound()).ExcludeFromDescription();
}
