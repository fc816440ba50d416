using System.Text;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>A schema file that an administrator brings.</summary>
internal sealed class SchemaTarget : Target
{
    public override string Name => "schema";

    public override IEnumerable<byte[]> Seeds() =>
    [
        """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:int" minOccurs="0" maxOccurs="9"/><xs:choice><xs:element ref="a"/><xs:any/></xs:choice></xs:sequence><xs:attribute name="c" use="required"/></xs:complexType></xs:element></xs:schema>"""u8.ToArray(),
        """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="u" targetNamespace="u" elementFormDefault="qualified"><xs:include schemaLocation="a.xsd"/><xs:import namespace="v" schemaLocation="../b.xsd"/><xs:element name="a" type="t" nillable="true"/><xs:simpleType name="t"><xs:restriction base="xs:string"><xs:maxLength value="4"/><xs:pattern value="[A-Z]*"/><xs:enumeration value="A"/></xs:restriction></xs:simpleType><xs:group name="g"><xs:all><xs:element name="z"/></xs:all></xs:group></xs:schema>"""u8.ToArray(),
        .. SchemaCatalogue.Files.Where(f => f.EndsWith("notification.xsd", StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetBytes(SchemaCatalogue.OpenText(f))),
    ];

    public override void Take(byte[] input)
    {
        var compilation = SchemaSetCompiler.Compile("fuzz", "a", [new SchemaFile("a.xsd", input)]);
        Must((compilation.Target is null) == (compilation.Problems.Count > 0), "A set that cannot be compiled has a problem, and no other has.");
        Must(compilation.Problems.All(p => p.Code.StartsWith("schema.", StringComparison.Ordinal) && p.Message.Length > 0), "A problem has a code and says something.");
    }
}
