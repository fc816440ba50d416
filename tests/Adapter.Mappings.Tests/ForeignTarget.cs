using System.Text;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>A receiver whose schemas nobody prepared for: three files, unqualified and qualified children, attributes, nil, a choice, a substitution group.</summary>
internal static class ForeignTarget
{
    public const string Main = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:country:movement" xmlns:c="urn:country:codes" targetNamespace="urn:country:movement" elementFormDefault="unqualified">
          <xs:import namespace="urn:country:codes" schemaLocation="../types/codes.xsd"/>
          <xs:include schemaLocation="./party.xsd"/>
          <xs:element name="Movement">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="reference" type="c:Ref35"/>
                <xs:element name="at" type="xs:dateTime"/>
                <xs:element name="kind" type="c:Kind"/>
                <xs:choice>
                  <xs:element name="office" type="c:Ref35"/>
                  <xs:sequence>
                    <xs:element name="latitude" type="c:Degrees"/>
                    <xs:element name="longitude" type="c:Degrees"/>
                  </xs:sequence>
                </xs:choice>
                <xs:element name="limit" type="xs:date" nillable="true"/>
                <xs:element name="party" type="m:Party" minOccurs="0"/>
                <xs:element ref="m:unit" minOccurs="0" maxOccurs="9"/>
              </xs:sequence>
              <xs:attribute name="alarm" type="xs:boolean" use="required"/>
              <xs:attribute ref="c:edition"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="unit" type="m:Unit" abstract="true"/>
          <xs:element name="box" type="m:Unit" substitutionGroup="m:unit"/>
          <xs:element name="trailer" type="m:Unit" substitutionGroup="m:unit"/>
          <xs:complexType name="Unit">
            <xs:sequence>
              <xs:element name="mark" type="c:Mark" form="qualified"/>
              <xs:element name="seal" minOccurs="0" maxOccurs="unbounded">
                <xs:complexType><xs:simpleContent><xs:extension base="c:Ref35"><xs:attribute name="of" type="c:Mark"/></xs:extension></xs:simpleContent></xs:complexType>
              </xs:element>
            </xs:sequence>
          </xs:complexType>
        </xs:schema>
        """;

    public const string Party = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:country:movement" targetNamespace="urn:country:movement">
          <xs:complexType name="Party"><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="role" type="xs:string"/></xs:sequence></xs:complexType>
        </xs:schema>
        """;

    public const string Codes = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:country:codes">
          <xs:simpleType name="Ref35"><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="35"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="Mark"><xs:restriction base="xs:string"><xs:pattern value="[A-Z0-9]{1,17}"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="Kind"><xs:restriction base="xs:token"><xs:enumeration value="CUT"/><xs:enumeration value="SEAL"/><xs:enumeration value="OTHER"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="Degrees"><xs:restriction base="xs:decimal"><xs:fractionDigits value="5"/></xs:restriction></xs:simpleType>
          <xs:attribute name="edition" type="xs:string"/>
        </xs:schema>
        """;

    public static SchemaFile[] Files { get; } = [File("main/movement.xsd", Main), File("main/party.xsd", Party), File("types/codes.xsd", Codes)];

    public static SchemaCatalogue Catalogue { get; } = SchemaCatalogue.BuiltIn.With([Compiled().Target!]);

    public static string[] Rows { get; } =
    [
        """{ "to": "@alarm", "is": "event.isAlarm" }""",
        """{ "to": "@edition", "is": "'3'" }""",
        """{ "to": "limit", "is": "xsdate(journey.timeLimit)", "missing": "nil" }""",
        """{ "to": "reference", "is": "message.id" }""",
        """{ "to": "kind", "is": "table('kind', event.kind)" }""",
        """{ "to": "at", "is": "xsdatetime(event.observedAt)" }""",
        """{ "to": "office", "is": "event.office.code", "when": "exists(event.office)" }""",
        """{ "to": "longitude", "is": "fixed(event.position.longitude, 5)", "when": "not exists(event.office)" }""",
        """{ "to": "latitude", "is": "fixed(event.position.latitude, 5)", "when": "not exists(event.office)" }""",
        """{ "to": "party/role", "is": "'carrier'" }""",
        """{ "to": "party/name", "is": "journey.carrier.name", "missing": "omit" }""",
        """{ "to": "box*/mark", "each": "journey.containers", "is": "item.number" }""",
        """{ "to": "box*/seal*", "each": ["journey.containers", "item.seals"], "is": "truncate(item.number, 35)" }""",
        """{ "to": "box*/seal*/@of", "each": ["journey.containers", "item.seals"], "is": "outer.number" }""",
    ];

    public static SchemaSetCompilation Compiled(params SchemaFile[] files) =>
        SchemaSetCompiler.Compile("country/movement", "{urn:country:movement}Movement", files.Length == 0 ? Files : files);

    public static SchemaFile File(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));

    public static string Document(params string[] rows) =>
        Samples.Document("country/movement", rows, """{ "kind": { "ROPE_CUT": "CUT", "SEAL": "SEAL", "*": "OTHER" } }""")
            .Replace("\"tables\"", "\"prefixes\": { \"mv\": \"urn:country:movement\", \"cd\": \"urn:country:codes\" }, \"tables\"", StringComparison.Ordinal);

    public static MappingCompilation Compile(params string[] rows) => MappingCompiler.Compile(Samples.Parse(Document(rows)), Catalogue);
}
