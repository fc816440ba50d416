using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>Events and documents that tests start from.</summary>
internal static class Samples
{
    /// <summary>A response with every element that our schema has.</summary>
    public const string Response = """
        <MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns:t="urn:wco:datamodel:WCO:Response_DS:DMS:2">
          <WCODataModelVersionCode>3.6</WCODataModelVersionCode>
          <WCOTypeName>RES</WCOTypeName>
          <ResponsibleCountryCode>ZZ</ResponsibleCountryCode>
          <ResponsibleAgencyName>CustomsTransit</ResponsibleAgencyName>
          <AgencyAssignedCustomizationCode>ELOCK</AgencyAssignedCustomizationCode>
          <AgencyAssignedCustomizationVersionCode>1</AgencyAssignedCustomizationVersionCode>
          <Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2">
            <FunctionCode>03</FunctionCode>
            <FunctionalReferenceID>R-1</FunctionalReferenceID>
            <IssueDateTime><t:DateTimeString formatCode="304">20260302061530Z</t:DateTimeString></IssueDateTime>
            <AdditionalInformation>
              <StatementCode>NOTE</StatementCode>
              <StatementDescription>The movement is unknown here.</StatementDescription>
              <StatementTypeCode>AAO</StatementTypeCode>
              <Pointer><SequenceNumeric>1</SequenceNumeric><DocumentSectionCode>42A</DocumentSectionCode><TagID>D014</TagID></Pointer>
            </AdditionalInformation>
            <Error>
              <Description>Unknown MRN</Description>
              <ValidationCode>90</ValidationCode>
              <Pointer><DocumentSectionCode>42A</DocumentSectionCode><TagID>D014</TagID></Pointer>
            </Error>
            <Status>
              <EffectiveDateTime><t:DateTimeString formatCode="304">20260302061530Z</t:DateTimeString></EffectiveDateTime>
              <NameCode>41</NameCode>
            </Status>
            <Declaration>
              <AcceptanceDateTime><t:DateTimeString formatCode="304">20260302061530Z</t:DateTimeString></AcceptanceDateTime>
              <FunctionalReferenceID>0123456789abcdef0123456789abcdef</FunctionalReferenceID>
              <ID>26JO00000012345678</ID>
              <RejectionDateTime><t:DateTimeString formatCode="304">20260302061530Z</t:DateTimeString></RejectionDateTime>
            </Declaration>
          </Response>
        </MetaData>
        """;

    private static readonly DateTimeOffset Observed = new(2026, 3, 2, 9, 15, 30, TimeSpan.FromHours(3));

    public static OutgoingEvent Event(string kind = "ROPE_CUT", bool alarm = true) => new(
        new MessageInfo("0123456789abcdef0123456789abcdef", 7, 1, "manifest", "J-1", null, null, false),
        new EventInfo($"{kind}/episode-1", kind, alarm, 1, Observed, Observed.AddSeconds(10), false, false, "7010000421", null, "MSKU1234565", new GeoPoint(29.5, -35.25), null, []),
        new JourneyInfo(
            "J-1", "Transit", "26JO00000012345678", "MAN-1", new Carrier("CAR-1", "Petra"), new Vehicle("21-48213", "JO"), null,
            [
                new ContainerInfo(1, "MSKU1234565", [new SealInfo(1, "SL-1", false), new SealInfo(2, "7010000421", true)]),
                new ContainerInfo(2, "TGHU7654326", [new SealInfo(1, "SL-2", false)]),
            ],
            new Office("JOAQJ001", null, "JO", null), [], new Office("SAHAL003", null, "SA", null), null));

    /// <summary>What an example of a shipped document reads.</summary>
    public static object Read(string document, string file)
    {
        MappingSource.TryRead(BuiltIn(document), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", document, file)), out var source, out var problem).ShouldBeTrue(problem);
        return source!;
    }

    public static CompiledMapping BuiltIn(string id)
    {
        var compilation = MappingCompiler.Compile(BuiltInDocuments.Load(id), SchemaCatalogue.BuiltIn);
        compilation.Problems.ShouldBeEmpty();
        return compilation.Mapping!;
    }

    /// <summary>The least that makes a valid SealNotification, one row per line from line 4, and then the rows given.</summary>
    public static string Manifest(params string[] rows) => Document("soap/manifest-notification",
    [
        """{ "to": "MessageId", "is": "message.id" }""",
        """{ "to": "Sequence", "is": "message.number" }""",
        """{ "to": "Event/Code", "is": "event.kind" }""",
        """{ "to": "Event/Alarm", "is": "event.isAlarm" }""",
        """{ "to": "Event/OccurredAt", "is": "xsdatetime(event.observedAt)" }""",
        """{ "to": "Event/ReportedAt", "is": "xsdatetime(event.receivedAt)" }""",
        .. rows,
    ]);

    /// <summary>The line on which the first row given to <see cref="Manifest"/> stands.</summary>
    public const int FirstRowLine = 10;

    public static string Document(string target, string[] rows, string tables = "{}") =>
        $$"""
        { "id": "test", "version": 1, "source": "OutgoingEvent", "target": "{{target}}",
          "tables": {{tables}},
          "rows": [
        {{string.Join(",\n", rows)}}
          ] }
        """;

    public static MappingDocument Parse(string json)
    {
        var reading = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(json));
        reading.Problems.ShouldBeEmpty();
        return reading.Document!;
    }

    public static MappingCompilation Compile(string json) => MappingCompiler.Compile(Parse(json), SchemaCatalogue.BuiltIn);

    public static MappingOutcome Apply(string json, object source)
    {
        var compilation = Compile(json);
        compilation.Problems.ShouldBeEmpty();
        return compilation.Mapping!.Apply(source);
    }

    public static string Mapped(string json, OutgoingEvent source) => Text(Apply(json, source));

    public static string Text(MappingOutcome outcome)
    {
        if (outcome is MappingOutcome.Failed failed)
        {
            Assert.Fail(string.Join("\n", failed.Problems));
        }

        return Encoding.UTF8.GetString(((MappingOutcome.Mapped)outcome).Body.Span);
    }

    public static MappingProblem Failure(MappingOutcome outcome) => outcome.ShouldBeOfType<MappingOutcome.Failed>().Problems.ShouldHaveSingleItem();
}
