using System.Collections;
using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Tests.Flow;
using Adapter.Mappings.Validation;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Mapping;

/// <summary>Documents that change while messages are made.</summary>
public sealed class LiveDocumentsTests
{
    private readonly LiveDocuments _documents = new(SchemaCatalogue.BuiltIn);

    [Fact]
    public void Attack_83_a_message_is_of_one_version_whatever_is_published_while_it_is_made()
    {
        _documents.Replace([Version(1)], [], 1).ShouldBeEmpty();
        var published = 1;
        var decision = new Decision("rope-cut/episode-1", "ROPE_CUT", IsAlarm: true, 1, new Sighting(TheLock, At(1), At(1), Late: false, ClockSuspect: false, Port, 1), TheLock, null, null, []);
        var seen = JourneyView.Of(decision, new SubjectState(Subject.Of(TheLock))) with { Codes = new CodesThatAct(() => _documents.Replace([Version(++published)], [], published).ShouldBeEmpty()) };
        var destination = FlowBench.Receiver("police") with { Document = "two-places", Overtakes = ["ROPE_CUT"] };

        for (var number = 1; number <= 5; number++)
        {
            var before = published;
            var message = new DocumentMapper(_documents).Map(new Draft(destination, Subject.Of(TheLock), number, decision.Key, OutgoingDecision.Original(decision, []), Corrects: null, 1, Journey: null, seen));

            message.DocumentVersion.ShouldBe(before);
            foreach (var body in (ReadOnlyMemory<byte>?[])[message.Body, message.OvertakingBody])
            {
                Encoding.UTF8.GetString(body!.Value.Span).ShouldContain($"<ManifestNumber>v{before}</ManifestNumber><Mrn>v{before}</Mrn>");
            }

            published.ShouldBeGreaterThan(before, "otherwise nothing was published in between");
        }
    }

    private static MappingVersion Version(int number) => new(
        "two-places", number, 1, MappingState.Live,
        $$"""
        { "id": "two-places", "version": {{number}}, "source": "OutgoingEvent", "target": "soap/manifest-notification", "rows": [
          { "to": "MessageId", "is": "message.id" }, { "to": "Sequence", "is": "message.number" }, { "to": "OutOfSequence", "is": "message.outOfSequence", "when": "message.outOfSequence" },
          { "to": "ManifestNumber", "is": "'v{{number}}'" }, { "to": "Mrn", "is": "if(count(event.codes) = 0, 'v{{number}}', 'other')" },
          { "to": "Event/Code", "is": "event.kind" }, { "to": "Event/Alarm", "is": "event.isAlarm" }, { "to": "Event/OccurredAt", "is": "xsdatetime(event.observedAt)" }, { "to": "Event/ReportedAt", "is": "xsdatetime(event.receivedAt)" } ] }
        """,
        new Dictionary<string, string>(), [], default, null, null, null, null, null);

    /// <summary>Empty; whoever counts it lets something happen in between.</summary>
    private sealed class CodesThatAct(Action act) : IReadOnlyList<SourceCode>
    {
        public int Count
        {
            get
            {
                act();
                return 0;
            }
        }

        public SourceCode this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<SourceCode> GetEnumerator() => Enumerable.Empty<SourceCode>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
