using System.Globalization;
using System.Reflection;
using System.Xml.Schema;
using System.Xml.Serialization;

namespace Adapter.Contracts.Tests.Customs;

/// <summary>Walks a contract type and its schema element side by side and says where they differ.</summary>
internal sealed class ContractComparison
{
    /// <summary>Where contract and schema differ on purpose: the contract also serves the admin API, whose callers have no schema and are told by the rules what is missing.</summary>
    private static readonly HashSet<string> OnPurpose =
    [
        "RegisterMovementRequest.Departure", "RegisterMovementRequest.Destination", "ContainerTransfer.Vehicle",
        // Nothing seen is an empty statement, not none.
        "ReportObservationRequest.Seen",
    ];

    private static readonly Dictionary<Type, XmlTypeCode[]> Values = new()
    {
        [typeof(string)] = [XmlTypeCode.String, XmlTypeCode.Token],
        [typeof(int)] = [XmlTypeCode.Int],
        [typeof(long)] = [XmlTypeCode.Long],
        [typeof(bool)] = [XmlTypeCode.Boolean],
        [typeof(decimal)] = [XmlTypeCode.Decimal],
        [typeof(double)] = [XmlTypeCode.Double],
        [typeof(DateTimeOffset)] = [XmlTypeCode.DateTime],
    };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly HashSet<(Type, XmlSchemaType)> _compared = [];

    public List<string> Differences { get; } = [];

    /// <summary>Names of the schema's elements and types that some contract type stands for.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    public void Compare(Type body, XmlSchemaElement? element)
    {
        if (element is null)
        {
            Differences.Add($"{body.Name}: the schema has no such element");
            return;
        }

        Seen.Add(element.QualifiedName.Name);
        Compare(body.Name, body, element.ElementSchemaType!);
    }

    public static List<string> Enumerated(XmlSchemaSimpleType type) =>
        type.Content is XmlSchemaSimpleTypeRestriction restriction ? [.. restriction.Facets.OfType<XmlSchemaEnumerationFacet>().Select(facet => facet.Value!)] : [];

    private void Compare(string path, Type type, XmlSchemaType schema)
    {
        Seen.Add(schema.QualifiedName.Name);
        if (!_compared.Add((type, schema)))
        {
            return;
        }

        switch (schema)
        {
            case XmlSchemaSimpleType simple when type.IsEnum:
                var written = type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetCustomAttribute<XmlEnumAttribute>()?.Name ?? field.Name).ToList();
                Expect(written.SequenceEqual(Enumerated(simple)), $"{path}: the contract has {string.Join(", ", written)}, the schema {string.Join(", ", Enumerated(simple))}");
                break;
            case XmlSchemaSimpleType simple:
                Expect(Enumerated(simple).Count == 0, $"{path}: the schema lists values and the contract does not");
                Expect(Values.TryGetValue(type, out var codes) && codes.Contains(simple.Datatype!.TypeCode), $"{path}: the contract has {type.Name}, the schema {simple.Datatype!.TypeCode}");
                break;
            case XmlSchemaComplexType complex:
                Expect(complex.AttributeUses.Count == 0, $"{path}: the schema has attributes");
                CompareChildren(path, type, complex);
                break;
        }
    }

    private void CompareChildren(string path, Type type, XmlSchemaComplexType schema)
    {
        var particles = schema.ContentTypeParticle is XmlSchemaSequence sequence ? sequence.Items.Cast<XmlSchemaParticle>().ToList() : [];
        if (particles is [XmlSchemaAny])
        {
            Expect(type.GetProperties() is [var only] && only.GetCustomAttribute<XmlAnyElementAttribute>() is not null, $"{path}: the schema has anything, the contract has not");
            return;
        }

        var properties = type.GetProperties().Where(property => property.GetCustomAttribute<XmlElementAttribute>() is not null).OrderBy(property => property.GetCustomAttribute<XmlElementAttribute>()!.Order).ToList();
        Expect(properties.Count == type.GetProperties().Length, $"{path}: a property has no place among the elements");
        var (contracted, described) = (properties.Select(NameOf).ToList(), particles.OfType<XmlSchemaElement>().Select(child => child.QualifiedName.Name).ToList());
        if (!contracted.SequenceEqual(described))
        {
            Differences.Add($"{path}: the contract has {string.Join(", ", contracted)}, the schema {string.Join(", ", described)}");
            return;
        }

        foreach (var (property, child) in properties.Zip(particles.Cast<XmlSchemaElement>()))
        {
            CompareChild($"{type.Name}.{property.Name}", property, child);
        }
    }

    private void CompareChild(string path, PropertyInfo property, XmlSchemaElement child)
    {
        var repeats = property.PropertyType.IsArray;
        Expect(repeats == (child.MaxOccurs > 1), $"{path}: the schema has it {child.MaxOccursString ?? "1"} times");
        Expect(!child.IsNillable, $"{path}: nillable");
        var value = Nullable.GetUnderlyingType(property.PropertyType);
        var optional = value is not null || (!property.PropertyType.IsValueType && _nullability.Create(property).ReadState == NullabilityState.Nullable);
        if (child.DefaultValue is { } byDefault)
        {
            var own = Convert.ToString(property.GetValue(Activator.CreateInstance(property.DeclaringType!)), CultureInfo.InvariantCulture);
            Expect(own == byDefault, $"{path}: left out, it is {own} in the contract and {byDefault} in the schema");
        }
        else if (!repeats && (optional == (child.MinOccurs > 0)) != OnPurpose.Contains(path))
        {
            Differences.Add($"{path}: {(optional ? "optional" : "required")} in the contract, {(child.MinOccurs > 0 ? "required" : "optional")} in the schema");
        }

        Expect(value is null || property.DeclaringType!.GetMethod("ShouldSerialize" + property.Name) is not null, $"{path}: left out, it would be written as nil");
        Compare(path, repeats ? property.PropertyType.GetElementType()! : value ?? property.PropertyType, child.ElementSchemaType!);
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<XmlElementAttribute>()! is { ElementName.Length: > 0 } named ? named.ElementName : property.Name;

    private void Expect(bool holds, string difference)
    {
        if (!holds)
        {
            Differences.Add(difference);
        }
    }
}
