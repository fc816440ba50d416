using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Schema;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

public sealed partial class BuiltInDocumentTests
{
    private static readonly string[] Milestones = ["SEAL", "UNSEAL", "DEPARTURE", "BORDER", "ARRIVAL", "TRANSHIPMENT", "VEHICLE_CHANGE", "EXAMINATION", "ACCIDENT"];

    public static TheoryData<string, string> Examples()
    {
        var data = new TheoryData<string, string>();
        foreach (var id in BuiltInDocuments.Ids)
        {
            foreach (var example in BuiltInDocuments.Load(id).Examples)
            {
                data.Add(id, example.Input);
            }
        }

        return data;
    }

    [Fact]
    public void Three_documents_for_what_goes_out_and_two_for_what_comes_in_ship() =>
        BuiltInDocuments.Ids.ShouldBe(["manifest-notification", "neighbour-declaration", "neighbour-response", "transportation-notification", "wco-declaration"]);

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_gives_exactly_the_message_beside_it(string id, string input)
    {
        var example = BuiltInDocuments.Load(id).Examples.Single(e => e.Input == input);
        // The file ends with a line feed, the message does not.
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", id, example.Expect))[..^1];

        Samples.Text(Samples.BuiltIn(id).Apply(Samples.Read(id, input))).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_starts_with_neither_byte_order_mark_nor_declaration(string id, string input)
    {
        var body = ((MappingOutcome.Mapped)Samples.BuiltIn(id).Apply(Samples.Read(id, input))).Body;

        body.Span[0].ShouldBe((byte)'<');
        body.Span[1].ShouldNotBe((byte)'?');
    }

    [Fact]
    public void Every_file_beside_a_document_belongs_to_an_example()
    {
        foreach (var id in BuiltInDocuments.Ids)
        {
            var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Documents", id)).Select(Path.GetFileName).Where(f => f != "document.json");
            var named = BuiltInDocuments.Load(id).Examples.SelectMany(e => (string[])[e.Input, e.Expect]);
            files.ShouldBe(named, ignoreOrder: true);
        }
    }

    [Fact]
    public void Every_kind_of_event_can_be_told_to_everybody()
    {
        foreach (var (id, mapping) in BuiltInDocuments.Ids.Select(id => (id, Samples.BuiltIn(id))).Where(document => !document.Item2.ReadsMessages))
        {
            foreach (var kind in Kinds())
            {
                foreach (var alarm in (bool[])[true, false])
                {
                    mapping.Apply(Samples.Event(kind, alarm)).ShouldBeOfType<MappingOutcome.Mapped>($"{id} {kind}");
                }
            }
        }
    }

    [Theory]
    [InlineData("manifest-notification")]
    [InlineData("transportation-notification")]
    public void An_alarm_of_a_lock_without_a_journey_can_be_told(string id) =>
        Samples.BuiltIn(id).Apply(Samples.Event() with { Journey = null }).ShouldBeOfType<MappingOutcome.Mapped>();

    [Fact]
    public void A_WCO_declaration_without_an_MRN_is_not_made()
    {
        var source = Samples.Event();

        var problem = Samples.Failure(Samples.BuiltIn("wco-declaration").Apply(source with { Journey = source.Journey! with { Mrn = null } }));

        problem.Code.ShouldBe("mapping.value-missing");
        problem.Row.ShouldBe("Declaration/ID");
    }

    [Fact]
    public void A_container_number_too_long_for_WCO_is_an_error_and_not_cut()
    {
        var source = Samples.Event();
        var longNumber = source with { Journey = source.Journey! with { Containers = [new ContainerInfo(1, "ABCDEFGHIJKLMNOPQR", [])] } };

        var problem = Samples.Failure(Samples.BuiltIn("wco-declaration").Apply(longNumber));

        problem.Code.ShouldBe("mapping.schema-invalid");
        problem.Row.ShouldBe("Declaration/GoodsShipment/Consignment/TransportEquipment*/ID");
        problem.Message.ShouldStartWith("MetaData/Declaration/GoodsShipment/Consignment/TransportEquipment/ID: ");
    }

    [Fact]
    public void Declarations_of_every_kind_are_valid_in_the_foreign_profile()
    {
        var schemas = ForeignProfile();
        var mapping = Samples.BuiltIn("wco-declaration");
        var sources = BuiltInDocuments.Load("wco-declaration").Examples.Select(e => (OutgoingEvent)Samples.Read("wco-declaration", e.Input))
            .Concat(Kinds().Select(k => Samples.Event(k)));

        foreach (var source in sources)
        {
            var body = ((MappingOutcome.Mapped)mapping.Apply(source)).Body;
            XsdValidator.Validate(body, schemas).ShouldBeEmpty(source.Event.Kind);
        }
    }

    [Fact]
    public void A_response_with_everything_in_it_is_valid_in_the_foreign_profile()
    {
        var response = Encoding.UTF8.GetBytes(Samples.Response);

        XsdValidator.Validate(response, SchemaCatalogue.BuiltIn.Target("wco/response").Schemas).ShouldBeEmpty();
        XsdValidator.Validate(response, ForeignProfile()).ShouldBeEmpty();
    }

    [Fact]
    public void The_foreign_profile_would_refuse_a_declaration_that_is_wrong()
    {
        var schemas = ForeignProfile();
        var body = Samples.Text(Samples.BuiltIn("wco-declaration").Apply(Samples.Event()));

        XsdValidator.Validate(Encoding.UTF8.GetBytes(body.Replace("formatCode=\"304\"", "formatCode=\"204\"", StringComparison.Ordinal)), schemas).ShouldNotBeEmpty();
        XsdValidator.Validate(Encoding.UTF8.GetBytes(body.Replace("<FunctionCode>9<", "<FunctionCode>5<", StringComparison.Ordinal)), schemas).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("SEAL", false, "266")]
    [InlineData("UNSEAL", false, "266")]
    [InlineData("DEPARTURE", false, "525")]
    [InlineData("BORDER", false, "525")]
    [InlineData("ARRIVAL", false, "524")]
    [InlineData("TRANSHIPMENT", false, "266")]
    [InlineData("VEHICLE_CHANGE", false, "266")]
    [InlineData("EXAMINATION", false, "294")]
    [InlineData("EXAMINATION", true, "294")]
    [InlineData("ACCIDENT", true, "588")]
    [InlineData("ROPE_CUT", true, "588")]
    [InlineData("UNSEAL_OUTSIDE_AREA", true, "588")]
    [InlineData("ROUTE_DEVIATION", true, "588")]
    [InlineData("OVERDUE", true, "44")]
    [InlineData("LONG_STOP", true, "44")]
    [InlineData("LOW_BATTERY", true, "44")]
    [InlineData("MOTOR_STUCK", true, "44")]
    [InlineData("SIGNAL_LOST", true, "44")]
    public void A_kind_of_event_is_told_as_the_kind_of_document_that_customs_know_it_by(string kind, bool alarm, string type) =>
        Samples.BuiltIn("wco-declaration").Explain(Samples.Event(kind, alarm)).Single(e => e.Path == "Declaration/TypeCode").Value.ShouldBe(type);

    [Fact]
    public void Every_WCO_id_quoted_is_an_id_of_the_annotated_set()
    {
        var folder = ConformanceFolder.PathOf("wco", "hmrc-wco-dec-annotated");
        var known = Directory.GetFiles(folder, "*.xsd").SelectMany(f => WcoId().Matches(File.ReadAllText(f)).Select(m => m.Groups["id"].Value)).ToHashSet(StringComparer.Ordinal);

        var quoted = Kinds().SelectMany(k => Samples.BuiltIn("wco-declaration").Explain(Samples.Event(k)))
            .Where(e => e.Path.EndsWith("/DocumentSectionCode", StringComparison.Ordinal) || e.Path.EndsWith("/TagID", StringComparison.Ordinal)).Select(e => e.Value).Distinct().ToList();

        quoted.ShouldBe(["42A", "67A", "28A", "31B", "44B", "165"], ignoreOrder: true);
        quoted.ShouldBeSubsetOf(known);
    }

    [Fact]
    public void Every_code_sent_is_in_its_code_list()
    {
        var lists = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FunctionCode"] = "uncl1225.csv",
            ["TypeCode"] = "uncl1001.csv",
            ["StatementTypeCode"] = "uncl4451.csv",
        };
        var sent = lists.Keys.ToDictionary(k => k, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        var mapping = Samples.BuiltIn("wco-declaration");
        foreach (var kind in Kinds())
        {
            foreach (var alarm in (bool[])[true, false])
            {
                foreach (var corrects in (string?[])[null, "0123456789abcdef0123456789abcdee"])
                {
                    var source = Samples.Event(kind, alarm);
                    foreach (var element in mapping.Explain(source with { Message = source.Message with { Corrects = corrects } }))
                    {
                        sent.GetValueOrDefault(element.Path.Split('/')[^1])?.Add(element.Value);
                    }
                }
            }
        }

        sent["FunctionCode"].ShouldBe(["9", "13"], ignoreOrder: true);
        sent["TypeCode"].ShouldBe(["266", "525", "524", "588", "294", "44"], ignoreOrder: true);
        foreach (var (element, file) in lists)
        {
            var known = File.ReadLines(ConformanceFolder.PathOf("wco", "edifact-d24a-codes", file)).Skip(1).Select(l => l.Split(',')[0]).ToHashSet(StringComparer.Ordinal);
            sent[element].ShouldBeSubsetOf(known, element);
        }
    }

    [Fact]
    public void The_reason_of_an_accident_is_a_code_of_its_list()
    {
        var reason = Samples.BuiltIn("wco-declaration").Explain(Samples.Event("ACCIDENT")).Where(e => e.Path.EndsWith("/StatementCode", StringComparison.Ordinal)).Select(e => e.Value).ToList();

        File.ReadLines(ConformanceFolder.PathOf("wco", "edifact-d24a-codes", "uncl9013.csv")).ShouldContain(line => line.StartsWith("88,", StringComparison.Ordinal));
        reason.ShouldContain("88");
    }

    [Theory]
    [InlineData("DEPARTURE", "Declaration/Consignment/Itinerary[1]/SequenceNumeric=1 Declaration/Consignment/Itinerary[1]/RoutingCountryCode=JO Declaration/Consignment/Itinerary[2]/SequenceNumeric=2 Declaration/Consignment/Itinerary[2]/RoutingCountryCode=SA")]
    [InlineData("ROUTE_DEVIATION", "Declaration/Consignment/Itinerary[1]/SequenceNumeric=1 Declaration/Consignment/Itinerary[1]/RoutingCountryCode=JO Declaration/Consignment/Itinerary[2]/SequenceNumeric=2 Declaration/Consignment/Itinerary[2]/RoutingCountryCode=SA")]
    [InlineData("LOW_BATTERY", "")]
    public void The_itinerary_stands_where_the_way_matters(string kind, string expected)
    {
        var source = Samples.Event(kind);

        var explained = Samples.BuiltIn("wco-declaration").Explain(source with { Journey = source.Journey! with { Itinerary = [new RoutingCountry("JO"), new RoutingCountry("SA")] } });

        string.Join(' ', explained.Where(e => e.Path.Contains("/Itinerary", StringComparison.Ordinal)).Select(e => $"{e.Path}={e.Value}")).ShouldBe(expected);
    }

    [Fact]
    public void A_value_is_explained_by_its_row_and_what_the_row_read()
    {
        var explained = Samples.BuiltIn("wco-declaration").Explain(Samples.Event());

        var seal = explained.Single(e => e.Path == "Declaration/GoodsShipment/Consignment/TransportEquipment[1]/Seal[2]/ID");
        seal.Value.ShouldBe("7010000421");
        seal.Row.ShouldBe("Declaration/GoodsShipment/Consignment/TransportEquipment*/Seal*/ID");
        seal.Sources.ShouldBe([KeyValuePair.Create<string, string?>("item.number", "7010000421")]);
        explained.Single(e => e.Path == "Declaration/TypeCode").Uses.ShouldContain("table documentType");
    }

    [Fact]
    public void Applying_from_many_threads_gives_the_same_bytes()
    {
        var mapping = Samples.BuiltIn("wco-declaration");
        var sources = Kinds().Select(k => Samples.Event(k)).ToList();
        var expected = sources.Select(s => Samples.Text(mapping.Apply(s))).ToList();

        Parallel.For(0, 200, i => Samples.Text(mapping.Apply(sources[i % sources.Count])).ShouldBe(expected[i % sources.Count]));
    }

    [GeneratedRegex("<WCOID>(?<id>[^<]+)</WCOID>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex WcoId();

    private static IEnumerable<string> Kinds() =>
        Enum.GetNames<LockEventKind>()
            .Select(n => typeof(LockEventKind).GetField(n)!.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute), false)
                .Cast<System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute>().Single().Name)
            .Union(Milestones, StringComparer.Ordinal);

    private static XmlSchemaSet ForeignProfile()
    {
        var folder = ConformanceFolder.PathOf("wco", "hmrc-dms");
        var schemas = new XmlSchemaSet { XmlResolver = new FilesOf(folder) };
        var errors = new List<string>();
        schemas.ValidationEventHandler += (_, e) => errors.Add(e.Message);
        foreach (var file in (string[])["DocumentMetaData_2_DMS.xsd", "WCO_DEC_2_DMS.xsd", "WCO_RES_2_DMS.xsd"])
        {
            schemas.Add(null, Path.Combine(folder, file));
        }

        schemas.Compile();
        errors.ShouldBeEmpty();
        schemas.GlobalElements.Contains(new XmlQualifiedName("MetaData", "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2")).ShouldBeTrue();
        schemas.GlobalElements.Contains(new XmlQualifiedName("Declaration", "urn:wco:datamodel:WCO:DEC-DMS:2")).ShouldBeTrue();
        schemas.GlobalElements.Contains(new XmlQualifiedName("Response", "urn:wco:datamodel:WCO:RES-DMS:2")).ShouldBeTrue();
        return schemas;
    }

    /// <summary>Reads imports from the folder of the foreign schemas alone.</summary>
    private sealed class FilesOf(string folder) : XmlUrlResolver
    {
        /// <summary>The response imports the declaration from a sister folder; a second copy of one schema would empty the set.</summary>
        public override Uri ResolveUri(Uri? baseUri, string? relativeUri) =>
            base.ResolveUri(baseUri, relativeUri == "../declaration/WCO_DEC_2_DMS.xsd" ? "WCO_DEC_2_DMS.xsd" : relativeUri);

        public override object? GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.IsFile && absoluteUri.LocalPath.StartsWith(folder, StringComparison.Ordinal) ? base.GetEntity(absoluteUri, role, ofObjectToReturn) : throw new IOException(absoluteUri.ToString());
    }
}
