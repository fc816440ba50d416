using System.Text;
using System.Xml;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices;

/// <summary>Puts services at their addresses.</summary>
internal static class SoapRouting
{
    /// <summary>
    /// Serves a contract at <c>/soap/NAME</c>, SOAP 1.1 and 1.2 alike, and describes it from <c>schemas/soap/NAME.wsdl</c> at <c>?wsdl</c>. The service itself
    /// is taken from the request's container and may take a <see cref="SoapCall"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The contract cannot be served.</exception>
    public static void MapSoapService<TContract>(this IEndpointRouteBuilder routes, string name, SoapServiceDefinition definition)
        where TContract : class
    {
        var service = new SoapService(name, typeof(TContract), definition);
        routes.MapPost($"/soap/{name}", (HttpContext context, SoapEndpoint endpoint) => endpoint.HandleAsync(service, typeof(TContract), context)).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet($"/soap/{name}", (HttpContext context) =>
        {
            if (context.Request.Query.Keys.Any(key => key.Equals("wsdl", StringComparison.OrdinalIgnoreCase)))
            {
                return Results.Text(Described(name, context.Request), "text/xml", Encoding.UTF8);
            }

            context.Response.Headers.Allow = "POST";
            return Results.Problem(statusCode: StatusCodes.Status405MethodNotAllowed, title: "soap.post-only", detail: "Send a SOAP message with POST; its description is at ?wsdl.");
        }).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Serves the schemas beside the services, where the descriptions import them by relative address.</summary>
    public static void MapSoapSchemas(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/soap/{file}.xsd", (string file) => SchemaCatalogue.Files.Contains($"soap/{file}.xsd")
            ? Results.Text(SchemaCatalogue.OpenText($"soap/{file}.xsd"), "text/xml", Encoding.UTF8)
            : Results.NotFound()).AllowAnonymous().ExcludeFromDescription();

    /// <summary>The file as it is, with the address at which it was asked for in place of the example's, and schemas of other folders where they are served.</summary>
    private static string Described(string name, HttpRequest request)
    {
        var here = new StringBuilder();
        using (var writer = XmlWriter.Create(here, new XmlWriterSettings { ConformanceLevel = ConformanceLevel.Fragment }))
        {
            writer.WriteString($"{request.Scheme}://{request.Host}{request.PathBase}/soap/{name}");
        }

        return SchemaCatalogue.OpenText($"soap/{name}.wsdl").Replace("schemaLocation=\"../", "schemaLocation=\"../schemas/", StringComparison.Ordinal)
            .Replace($"http://localhost/soap/{name}", here.ToString().Replace("\"", "&quot;", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
