using System.Xml.Linq;
using System.Xml.Schema;
using Adapter.Contracts.Customs;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Engine;

/// <summary>Messages that are received, as documents read them: element by element, under the names of the schema.</summary>
internal static class SchemaSource
{
    /// <summary>The root of what a document reads: the message beside who sent it, when, and our movement.</summary>
    public static RecordType Of(SchemaTarget source)
    {
        var types = new Types(new SchemaNavigation(source.Schemas));
        var message = new SourceProperty(new Shape(ShapeKind.Record, types.Of(source.Root)), received => ((ReceivedMessage)received).Message);
        return new RecordType(source.Name, typeof(ReceivedMessage), () => new Dictionary<string, SourceProperty>(SourceCatalogue.Of(typeof(ReceivedMessage)).Properties, StringComparer.Ordinal)
        {
            ["message"] = message,
        });
    }

    private sealed class Types(SchemaNavigation schema)
    {
        private readonly Dictionary<XmlSchemaElement, RecordType> _known = [];

        public RecordType Of(XmlSchemaElement element)
        {
            if (!_known.TryGetValue(element, out var type))
            {
                _known.Add(element, type = new RecordType(element.QualifiedName.Name, null, () => Properties(element)));
            }

            return type;
        }

        /// <summary>A value is a text; what may stand there several times is a list; all else is a record. Of two with one name the first counts.</summary>
        private Dictionary<string, SourceProperty> Properties(XmlSchemaElement element)
        {
            var properties = new Dictionary<string, SourceProperty>(StringComparer.Ordinal);
            if (SchemaNavigation.HoldsValue(element))
            {
                // An entry of a list of values.
                properties.Add("text", new SourceProperty(Shape.Text, entry => Text((XElement)entry)));
                return properties;
            }

            foreach (var child in schema.Children(element))
            {
                XName name = XName.Get(child.Element.QualifiedName.Name, child.Element.QualifiedName.Namespace);
                properties.TryAdd(name.LocalName, child switch
                {
                    { Repeatable: true } => new SourceProperty(new Shape(ShapeKind.List, Of(child.Element)), owner => ((XElement)owner).Elements(name).ToList<object>()),
                    _ when SchemaNavigation.HoldsValue(child.Element) => new SourceProperty(Shape.Text, owner => Text(((XElement)owner).Element(name))),
                    _ => new SourceProperty(new Shape(ShapeKind.Record, Of(child.Element)), owner => ((XElement)owner).Element(name)),
                });
            }

            return properties;
        }

        private static string? Text(XElement? element) => element?.Value.Trim() is { Length: > 0 } text ? text : null;
    }
}
