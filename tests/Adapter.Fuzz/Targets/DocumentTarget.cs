using System.Text;
using Adapter.Mappings;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>A mapping document, from its text to what it makes of an event.</summary>
internal sealed class DocumentTarget : Target
{
    public override string Name => "document";

    public override IEnumerable<byte[]> Seeds() =>
    [
        """{"id":"a","version":1,"source":"OutgoingEvent","target":"soap/manifest-notification","rows":[{"to":"Header/MessageId","is":"message.id"}]}"""u8.ToArray(),
        """{"id":"b","version":2,"source":"OutgoingEvent","target":"soap/transportation-notification","description":"d","prefixes":{"t":"urn:customstransit:transportation:1"},"tables":{"t":{"A":"1","*":"9"}},"rows":[{"to":"Header/MessageId","is":"table('t', event.kind)","when":"exists(journey.mrn)","missing":"omit","note":"n"},{"to":"Containers/Container*","each":"journey.containers","is":"item.number","missing":{"default":"'x'"}}],"examples":[{"name":"n","input":"i","expect":"e"}]}"""u8.ToArray(),
        .. BuiltInDocuments.Ids.Select(id => Encoding.UTF8.GetBytes(BuiltInDocuments.Text(id))),
    ];

    public override void Take(byte[] input)
    {
        var reading = MappingDocumentParser.Parse(input);
        Must((reading.Document is null) == (reading.Problems.Count > 0), "A document that cannot be read has a problem, and no other has.");
        Must(reading.Problems.All(IsClear), "A problem has a code and says something.");
        if (reading.Document is not { } document)
        {
            return;
        }

        var written = MappingDocumentWriter.Write(document);
        var again = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(written));
        Must(again.Document is not null || written.Length > MappingDocumentParser.MostBytes / 2, "What is written can be read.");
        Must(again.Document is null || MappingDocumentWriter.Write(again.Document) == written, "There is one written form.");
        var compilation = MappingCompiler.Compile(document, SchemaCatalogue.BuiltIn);
        Must((compilation.Mapping is null) == (compilation.Problems.Count > 0), "A document that cannot be compiled has a problem, and no other has.");
        Must(compilation.Problems.All(p => IsClear(p) && p.Line is null or >= 1 && p.Column is null or >= 1), "A problem points into the text.");
        if (compilation.Mapping is { ReadsMessages: false } mapping)
        {
            mapping.Apply(Sources.Event);
            mapping.Explain(Sources.Event);
        }
    }

    private static bool IsClear(MappingProblem problem) => problem.Code.StartsWith("mapping.", StringComparison.Ordinal) && problem.Message.Length > 0;
}
