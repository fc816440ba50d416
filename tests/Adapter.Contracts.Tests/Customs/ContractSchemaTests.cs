using System.Reflection;
using System.ServiceModel;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;
using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;

namespace Adapter.Contracts.Tests.Customs;

/// <summary>Contracts, schemas and descriptions are written by hand, each for its readers. A change in one alone is seen here.</summary>
public class ContractSchemaTests
{
    private static readonly XNamespace Wsdl = "http://schemas.xmlsoap.org/wsdl/";
    private static readonly XNamespace[] Bindings = ["http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/"];

    public static TheoryData<Type, string> Services => new()
    {
        { typeof(ITransitRegistrationService), "transit-registration" },
        { typeof(INotificationsService), "notifications" },
        { typeof(IWcoExchangeService), "wco-exchange" },
    };

    [Theory]
    [InlineData(typeof(ITransitRegistrationService), "transit-registration")]
    [InlineData(typeof(INotificationsService), "notifications")]
    public void Contract_types_and_schema_say_the_same_of_every_element_and_every_value(Type contract, string name)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var schemas = SchemaCatalogue.SchemasOf([$"soap/{name}.xsd"]);
        var comparison = new ContractComparison();
        foreach (var body in contract.GetMethods().SelectMany(BodiesOf).Distinct())
        {
            comparison.Compare(body, (XmlSchemaElement?)schemas.GlobalElements[NameOf(body)]);
        }

        comparison.Differences.ShouldBeEmpty();
        var declared = schemas.GlobalElements.Values.Cast<XmlSchemaElement>().Select(e => e.QualifiedName.Name)
            .Concat(schemas.GlobalTypes.Values.OfType<XmlSchemaComplexType>().Select(t => t.QualifiedName.Name))
            .Concat(schemas.GlobalTypes.Values.OfType<XmlSchemaSimpleType>().Where(t => ContractComparison.Enumerated(t).Count > 0).Select(t => t.QualifiedName.Name));
        declared.Where(known => known.Length > 0 && known != "anyType").Except(comparison.Seen).ShouldBeEmpty("the schema has them and no contract does");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Contract_and_description_have_the_same_operations_actions_messages_and_faults(Type contract, string name)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var wsdl = XmlInput.Load(Encoding.UTF8.GetBytes(SchemaCatalogue.OpenText($"soap/{name}.wsdl"))).Root!;
        var service = contract.GetCustomAttribute<ServiceContractAttribute>()!;
        ((string?)wsdl.Attribute("targetNamespace"), (string?)wsdl.Element(Wsdl + "portType")!.Attribute("name")).ShouldBe((service.Namespace, service.Name));

        var contracted = contract.GetMethods().Select(m => Told(OperationOf(m), m.GetCustomAttribute<OperationContractAttribute>()!.Action!, BodiesOf(m).Select(b => NameOf(b).ToString()))).Order(StringComparer.Ordinal).ToList();
        foreach (var (soap, binding) in Bindings.Select(soap => (soap, wsdl.Elements(Wsdl + "binding").Single(b => b.Element(soap + "binding") is not null))))
        {
            var described = binding.Elements(Wsdl + "operation").Select(bound =>
            {
                var operation = wsdl.Element(Wsdl + "portType")!.Elements(Wsdl + "operation").Single(o => (string?)o.Attribute("name") == (string?)bound.Attribute("name"));
                operation.Elements().Select(e => e.Name.LocalName).Where(part => part != "documentation").ShouldBe(bound.Elements(Wsdl + "input").Concat(bound.Elements(Wsdl + "output")).Concat(bound.Elements(Wsdl + "fault")).Select(e => e.Name.LocalName));
                return Told((string)bound.Attribute("name")!, (string)bound.Element(soap + "operation")!.Attribute("soapAction")!, operation.Elements().Where(e => e.Name.LocalName != "documentation").Select(e => ElementOf(wsdl, e)));
            });
            described.Order(StringComparer.Ordinal).ToList().ShouldBe(contracted, soap.NamespaceName);
        }
    }

    /// <summary>What neighbours send has no contract type: its names stand in the reader, in what we send by a strict schema, and in what we take by an open one.</summary>
    [Fact]
    public void The_WCO_schemas_have_the_namespaces_of_the_reader_and_the_open_ones_know_every_element_of_the_strict_ones()
    {
        NameOf(typeof(WcoMetaData)).ShouldBe(new XmlQualifiedName("MetaData", WcoNames.Meta.NamespaceName));
        foreach (var (file, space, types) in ((string, XNamespace, XNamespace?)[])[("metadata", WcoNames.Meta, null), ("declaration", WcoNames.Dec, WcoNames.DecTypes), ("response", WcoNames.Res, WcoNames.ResTypes)])
        {
            var (strict, open) = (Schema($"wco/{file}.xsd"), Schema($"wco/received/{file}.xsd"));
            ((string?)strict.Attribute("targetNamespace"), (string?)open.Attribute("targetNamespace")).ShouldBe((space.NamespaceName, space.NamespaceName), file);
            if (types is not null)
            {
                ((string?)Schema($"wco/{file}-types.xsd").Attribute("targetNamespace"), (string?)Schema($"wco/received/{file}-types.xsd").Attribute("targetNamespace")).ShouldBe((types.NamespaceName, types.NamespaceName), file);
            }

            Names(strict).Except(Names(open)).ShouldBeEmpty($"{file}: we send them and would not know them");
        }
    }

    private static IEnumerable<Type> BodiesOf(MethodInfo operation) =>
        [operation.GetParameters()[0].ParameterType, operation.ReturnType.GetGenericArguments()[0], .. operation.GetCustomAttributes<FaultContractAttribute>().Select(fault => fault.DetailType)];

    private static string OperationOf(MethodInfo method) => method.Name[..^"Async".Length];

    private static XmlQualifiedName NameOf(Type body)
    {
        var root = body.GetCustomAttribute<XmlRootAttribute>()!;
        return new XmlQualifiedName(root.ElementName, root.Namespace);
    }

    private static string Told(string operation, string action, IEnumerable<string> bodies) => $"{operation} {action} {string.Join(' ', bodies)}";

    private static string ElementOf(XElement wsdl, XElement told)
    {
        var message = ((string)told.Attribute("message")!).Split(':')[1];
        var part = wsdl.Elements(Wsdl + "message").Single(m => (string?)m.Attribute("name") == message).Elements(Wsdl + "part").Single();
        var element = ((string)part.Attribute("element")!).Split(':');
        return $"{part.GetNamespaceOfPrefix(element[0])}:{element[1]}";
    }

    private static XElement Schema(string file) => XmlInput.Load(Encoding.UTF8.GetBytes(SchemaCatalogue.OpenText(file))).Root!;

    private static IEnumerable<string> Names(XElement schema) =>
        schema.Descendants((XNamespace)XmlSchema.Namespace + "element").Select(e => (string?)e.Attribute("name")).OfType<string>().Distinct();
}
