using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Engine;

/// <summary>An element as the schema allows it below its parent.</summary>
/// <param name="Order">Place among the parent's elements: rows are written in this order whatever order they are listed in.</param>
/// <param name="Required">False also for the branches of a choice.</param>
internal sealed record SchemaChild(XmlSchemaElement Element, int Order, bool Required, bool Repeatable);

/// <summary>Reads off a compiled schema what may stand where.</summary>
internal sealed class SchemaNavigation(XmlSchemaSet schemas)
{
    /// <summary>The elements allowed in an element, in schema order; those behind a wildcard are the global elements it admits.</summary>
    public IReadOnlyList<SchemaChild> Children(XmlSchemaElement parent)
    {
        var children = new List<SchemaChild>();
        if (parent.ElementSchemaType is XmlSchemaComplexType type)
        {
            Collect(type.ContentTypeParticle, required: true, repeatable: false, children);
        }

        return children;
    }

    public static IReadOnlyList<XmlSchemaAttribute> Attributes(XmlSchemaElement element) =>
        element.ElementSchemaType is XmlSchemaComplexType type ? [.. type.AttributeUses.Values.Cast<XmlSchemaAttribute>().Where(a => a.Use != XmlSchemaUse.Prohibited)] : [];

    /// <summary>Whether the element holds a value, as opposed to elements.</summary>
    public static bool HoldsValue(XmlSchemaElement element) =>
        element.ElementSchemaType is XmlSchemaSimpleType or XmlSchemaComplexType { ContentType: XmlSchemaContentType.TextOnly };

    private void Collect(XmlSchemaParticle particle, bool required, bool repeatable, List<SchemaChild> children)
    {
        required &= particle.MinOccurs > 0;
        repeatable |= particle.MaxOccurs > 1;
        switch (particle)
        {
            case XmlSchemaElement element:
                children.Add(new SchemaChild(Declared(element), children.Count, required, repeatable));
                break;
            case XmlSchemaAny any:
                foreach (var element in schemas.GlobalElements.Values.Cast<XmlSchemaElement>().Where(e => Admits(any, e.QualifiedName)).OrderBy(e => e.QualifiedName.Name, StringComparer.Ordinal))
                {
                    children.Add(new SchemaChild(element, children.Count, Required: false, repeatable));
                }

                break;
            case XmlSchemaGroupBase group:
                foreach (var item in group.Items.Cast<XmlSchemaParticle>())
                {
                    Collect(item, required && group is not XmlSchemaChoice, repeatable, children);
                }

                break;
        }
    }

    /// <summary>A reference stands for the global element, which has the type.</summary>
    private XmlSchemaElement Declared(XmlSchemaElement element) =>
        element.RefName.IsEmpty ? element : (XmlSchemaElement)schemas.GlobalElements[element.RefName]!;

    private static bool Admits(XmlSchemaAny any, XmlQualifiedName name) => any.Namespace switch
    {
        null or "##any" => true,
        "##other" => false,
        var listed => listed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(name.Namespace),
    };
}
