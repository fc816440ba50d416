using Adapter.Contracts.Customs;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>Documents that read what neighbours send: the same language, over the names of a schema.</summary>
public sealed class InboundDocumentTests
{
    private static readonly string[] Least =
    [
        """{ "to": "ReportObservation/MovementId", "is": "movement" }""",
        """{ "to": "ReportObservation/Observer", "is": "'Office'" }""",
        """{ "to": "ReportObservation/At", "is": "xsdatetime(receivedAt)" }""",
        """{ "to": "ReportObservation/Occasion", "is": "'EnRoute'" }""",
    ];

    private static ReceivedMessage Departure => (ReceivedMessage)Samples.Read("neighbour-declaration", "departure.input.xml") with { Movement = "M-1" };

    [Theory]
    [InlineData("message.Declaration.FunctionalReferenceID", "7f3a5b7c9d1e2f30415263748596a7b8")]
    [InlineData("message.ResponsibleAgencyName", "KRA")]
    [InlineData("text(count(message.Declaration.AdditionalInformation))", "2")]
    [InlineData("find(message.Declaration.AdditionalInformation, 'StatementCode', 'SEQUENCE').StatementDescription", "1")]
    [InlineData("find(message.Declaration.GoodsShipment.Consignment.TransportEquipment, 'ID', 'MSKU1234565').SequenceNumeric", "1")]
    [InlineData("first(first(message.Declaration.GoodsShipment.Consignment.TransportEquipment, true).Seal, startswith(item.ID, '80')).ID", "8022300001")]
    [InlineData("first(message.Declaration.AdditionalInformation, item.StatementDescription = '1' and index = 2).StatementCode", "SEQUENCE")]
    [InlineData("last(message.Declaration.AdditionalInformation, true).StatementCode", "SEQUENCE")]
    [InlineData("join(message.Declaration.AdditionalInformation, 'StatementCode', 100)", "DEPARTURE SEQUENCE")]
    [InlineData("join(message.Declaration.AdditionalInformation, 'StatementCode', 12)", "DEPARTURE SE")]
    [InlineData("xsdatetime(instant(message.Declaration.IssueDateTime.DateTimeString))", "2026-03-02T06:45:00Z")]
    [InlineData("concat(neighbour.name, ' ', neighbour.country, ' ', xsdatetime(receivedAt))", "kenya KE 2026-03-02T06:46:00Z")]
    public void Paths_follow_the_elements_of_the_message(string expression, string expected) =>
        Remark(expression, Departure).ShouldBe(expected);

    [Theory]
    [InlineData("coalesce(message.Declaration.BorderTransportMeans.ID, 'none')")]
    [InlineData("coalesce(first(message.Declaration.AdditionalInformation, item.StatementCode = 'X').StatementDescription, 'none')")]
    [InlineData("if(exists(instant('yesterday')), 'some', 'none')")]
    public void What_is_not_there_is_missing(string expression) => Remark(expression, Departure).ShouldBe("none");

    [Theory]
    [InlineData("20260302094500+03", "2026-03-02T06:45:00Z")]
    [InlineData("20260302064500Z", "2026-03-02T06:45:00Z")]
    [InlineData("20260302064500", "2026-03-02T06:45:00Z")]
    [InlineData("202603020645", "2026-03-02T06:45:00Z")]
    [InlineData("20260302", "2026-03-02T00:00:00Z")]
    [InlineData("2026-03-02T09:45:00.5+03:00", "2026-03-02T06:45:00.5Z")]
    [InlineData("2026-03-02T06:45:00Z", "2026-03-02T06:45:00Z")]
    public void An_instant_is_read_as_messages_write_it(string written, string expected) =>
        Remark($"xsdatetime(instant('{written}'))", Departure).ShouldBe(expected);

    [Theory]
    [InlineData("message.Declaration.TypeKode", "mapping.unknown-source", "TypeCode")]
    [InlineData("message.Declaration.AdditionalInformation.StatementCode", "mapping.unknown-source", "find(")]
    [InlineData("message.Declaration.GoodsShipment", "mapping.wrong-type", "properties")]
    [InlineData("event.kind", "mapping.unknown-source", null)]
    [InlineData("first(message.Declaration.AdditionalInformation, item.StatementKode = 'X').StatementCode", "mapping.unknown-source", "StatementCode")]
    [InlineData("first(message.Declaration.AdditionalInformation, item.StatementCode).StatementCode", "mapping.wrong-type", "Compare")]
    [InlineData("first(message.Declaration.AdditionalInformation, exists(first(message.Declaration.AdditionalInformation, true))).StatementCode", "mapping.syntax", "one list")]
    [InlineData("first(message.Declaration.TypeCode, true).x", "mapping.argument-type", "first(list")]
    [InlineData("join(message.Declaration.AdditionalInformation, 'StatementKode', 5)", "mapping.unknown-source", "StatementCode")]
    [InlineData("join(message.Declaration.AdditionalInformation, 'StatementCode', 5000)", "mapping.argument-value", "join(list")]
    public void A_wrong_path_is_found_before_any_message_comes(string expression, string code, string? suggestion)
    {
        var problem = Samples.Compile(Document(expression)).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Row).ShouldBe((code, "ReportObservation/Remark"));
        problem.Line.ShouldNotBeNull();
        if (suggestion is not null)
        {
            problem.Suggestion.ShouldNotBeNull().ShouldContain(suggestion);
        }
    }

    [Fact]
    public void A_source_that_is_no_target_is_named() =>
        Samples.Compile(Document("'x'").Replace("\"wco/declaration\"", "\"wco/declaratio\"")).Problems.ShouldContain(p => p.Code == "mapping.unknown-source" && p.Suggestion!.Contains("wco/declaration"));

    [Fact]
    public void A_document_that_reads_one_kind_says_so_when_it_is_given_the_other()
    {
        Samples.Failure(Samples.BuiltIn("wco-declaration").Apply(Departure)).Code.ShouldBe("mapping.unknown-source");
        Samples.Failure(Samples.BuiltIn("neighbour-declaration").Apply(Samples.Event())).Code.ShouldBe("mapping.unknown-source");
    }

    [Fact]
    public void What_was_understood_is_explained_by_what_was_read()
    {
        var explained = Samples.BuiltIn("neighbour-declaration").Explain(Departure);

        var at = explained.Single(e => e.Path == "ConfirmDeparture/At");
        at.Value.ShouldBe("2026-03-02T06:45:00Z");
        at.Sources.ShouldContain(KeyValuePair.Create<string, string?>("message.Declaration.IssueDateTime.DateTimeString", "20260302094500+03"));
    }

    [Fact]
    public void A_message_is_written_and_read_back_as_it_came()
    {
        var metaData = "<m:MetaData  xmlns:m=\"urn:x\"><m:A>ü &amp; \"</m:A></m:MetaData>"u8;
        var at = new DateTimeOffset(2026, 3, 2, 6, 46, 0, 500, TimeSpan.Zero);

        var written = MappingSource.Write(new NeighbourInfo("a<\"b", "KE"), "M&1", at, metaData);
        var read = MappingSource.Message(written);

        written.AsSpan().IndexOf(metaData).ShouldBeGreaterThan(0, "the sender's own bytes");
        (read.Neighbour.Name, read.Movement, read.ReceivedAt, read.Message.Value).ShouldBe(("a<\"b", "M&1", at, "ü & \""));
    }

    [Theory]
    [InlineData("<MetaData/>")]
    [InlineData("<Received neighbour=\"a\" country=\"KE\" at=\"noon\"><MetaData/></Received>")]
    [InlineData("<Received neighbour=\"a\" country=\"KE\" at=\"2026-03-02T06:46:00Z\"/>")]
    [InlineData("{}")]
    public void An_example_of_another_form_is_refused_with_the_form_that_is_expected(string text)
    {
        MappingSource.TryRead(Samples.BuiltIn("neighbour-declaration"), text, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull();
    }

    private static string Remark(string expression, ReceivedMessage message) =>
        XmlInput.Load(System.Text.Encoding.UTF8.GetBytes(Samples.Text(Samples.Apply(Document(expression), message)))).Descendants().Single(e => e.Name.LocalName == "Remark").Value;

    private static string Document(string expression) =>
        $$"""
        { "id": "inbound", "version": 1, "source": "wco/declaration", "target": "transit/neighbour-statement", "rows": [
          {{string.Join(",\n  ", Least)}},
          { "to": "ReportObservation/Remark", "is": "{{expression.Replace("\"", "\\\"")}}" }
        ] }
        """;
}
