using System.Xml;
using System.Xml.Schema;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices;

/// <summary>How a service is served beyond what its contract says.</summary>
internal sealed record SoapServiceDefinition
{
    /// <summary>Makes the contract's fault detail of a refusal: its code, text, and the path of an element or null. Null where the contract has none.</summary>
    public required Func<string, string, string?, object?> Detail { get; init; }

    /// <summary>Schema files that its messages are validated by. Default: <c>soap/NAME.xsd</c>.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Schemas for it that are not among our files. Default null: <see cref="Schemas"/> counts.</summary>
    public Func<XmlSchemaSet>? OwnSchemas { get; init; }

    /// <summary>Operations whose repeats, by caller and <c>wsa:MessageID</c>, are answered from memory.</summary>
    public Func<string, bool> RemembersMessages { get; init; } = _ => false;
}

/// <summary>A service made ready to be served: its operations by element, its schemas.</summary>
internal sealed class SoapService
{
    private readonly Dictionary<XmlQualifiedName, SoapOperation> _operations;
    private readonly Lazy<XmlSchemaSet> _schemas;

    /// <exception cref="InvalidOperationException">Contract and schemas do not fit: found at start, not by a caller.</exception>
    public SoapService(string name, Type contract, SoapServiceDefinition definition)
    {
        (Name, Definition) = (name, definition);
        _operations = SoapOperation.Of(contract).ToDictionary(operation => operation.Element);
        IReadOnlyList<string> files = definition.Schemas.Count > 0 ? definition.Schemas : [$"soap/{name}.xsd"];
        _schemas = new Lazy<XmlSchemaSet>(() =>
        {
            var schemas = definition.OwnSchemas?.Invoke() ?? SchemaCatalogue.SchemasOf(files);
            return _operations.Where(operation => !operation.Value.IsRaw).Select(operation => operation.Key).FirstOrDefault(element => !schemas.GlobalElements.Contains(element)) is { } missing
                ? throw new InvalidOperationException($"The schemas of {name} do not declare {missing}.")
                : schemas;
        });
    }

    public string Name { get; }

    public SoapServiceDefinition Definition { get; }

    public XmlSchemaSet Schemas => _schemas.Value;

    /// <summary>The operation that an element asks for; an action that is given must be its own.</summary>
    /// <param name="actions">What the transport and the headers say, without quotes; empty ones say nothing.</param>
    public SoapOperation Find(XmlQualifiedName element, params ReadOnlySpan<string?> actions)
    {
        if (!_operations.TryGetValue(element, out var operation))
        {
            throw SoapRefusal.Sender("soap.unknown-operation", $"There is no operation for the element {element.Name} of the namespace '{element.Namespace}'. See ?wsdl.", "/" + element.Name);
        }

        foreach (var action in actions)
        {
            if (!string.IsNullOrEmpty(action) && action != operation.Action)
            {
                throw SoapRefusal.Sender("soap.action-mismatch", $"The action is not that of the element {element.Name}: send '{operation.Action}', or none.");
            }
        }

        return operation;
    }
}
