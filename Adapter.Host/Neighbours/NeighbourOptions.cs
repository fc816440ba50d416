using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Neighbours;

/// <summary>Neighbouring customs that send us WCO messages, by name: <c>Neighbours:{name}</c>.</summary>
internal sealed class NeighbourOptions : Dictionary<string, NeighbourSettings>;

internal sealed class NeighbourSettings
{
    /// <summary>Principals that speak for it.</summary>
    public List<string> Callers { get; set; } = [];

    /// <summary>ISO 3166 alpha-2, as its messages carry it; a message that names another country is refused.</summary>
    public string Country { get; set; } = "";

    /// <summary>Destination to which our messages for it go; its responses are about those. Null where we send it nothing.</summary>
    public string? Sends { get; set; }

    /// <summary>Destination by which it gets its answers later: then it is told 02 at once, and 01 or 03 by a message of its own. Null answers at once.</summary>
    public string? Answers { get; set; }

    /// <summary>Whether a departure that it announces registers the movement where its MRN is not known.</summary>
    public bool Registers { get; set; }

    /// <summary>Mapping document that says what its declarations mean.</summary>
    public string Declarations { get; set; } = "neighbour-declaration";

    /// <summary>Mapping document that says what its responses mean.</summary>
    public string Responses { get; set; } = "neighbour-response";

    /// <summary>Its own schema files; without them our open ones are used.</summary>
    public List<string> Schemas { get; set; } = [];

    /// <summary>Version of its profile that <see cref="Schemas"/> are for; messages of another version are checked by the open schemas.</summary>
    public string? SchemaVersion { get; set; }
}

/// <summary>How we name ourselves in responses: <c>Wco</c>.</summary>
internal sealed class WcoOptions
{
    public string Country { get; set; } = "ZZ";

    public string Agency { get; set; } = "CustomsTransit";

    public string CustomizationCode { get; set; } = "ELOCK";

    public string CustomizationVersion { get; set; } = "1";

    public WcoSender Sender => new(Country, Agency, CustomizationCode, CustomizationVersion);
}

internal sealed class NeighbourOptionsValidator : IValidateOptions<NeighbourOptions>
{
    public ValidateOptionsResult Validate(string? name, NeighbourOptions options)
    {
        var errors = options.SelectMany(n => Check(n.Key, n.Value)).ToList();
        var callers = options.SelectMany(n => n.Value.Callers).GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1);
        errors.AddRange(callers.Select(c => $"Neighbours: principal {c.Key} speaks for {c.Count()} neighbours. Give each its own."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(string name, NeighbourSettings neighbour)
    {
        if (neighbour.Callers.Count == 0)
        {
            yield return $"Neighbours:{name}:Callers: name the principals that speak for it.";
        }

        if (neighbour.Country is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
        {
            yield return $"Neighbours:{name}:Country: give its two-letter country code.";
        }

        if (neighbour.Schemas.Count > 0 && string.IsNullOrEmpty(neighbour.SchemaVersion))
        {
            yield return $"Neighbours:{name}:SchemaVersion: say which version of its profile the schemas are for; the same namespaces stand for different schemas.";
        }
        else if (neighbour.Schemas.Count > 0 && Problem(neighbour) is { } problem)
        {
            yield return $"Neighbours:{name}:Schemas: {problem}";
        }
    }

    private static string? Problem(NeighbourSettings neighbour)
    {
        try
        {
            return SchemaFolder.Load(neighbour.Schemas).GlobalElements.Contains(new System.Xml.XmlQualifiedName("MetaData", WcoNames.Meta.NamespaceName))
                ? null
                : "they do not declare MetaData of the profile DMS:2, so nothing would be checked.";
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
