using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Processing;

namespace Adapter.Conformance;

/// <summary>Builds what the processor saves.</summary>
internal static class Batch
{
    private static readonly DateTimeOffset At = new(2026, 7, 9, 11, 0, 0, TimeSpan.Zero);

    public static Subject Journey { get; } = Subject.OfJourney("J-1");

    public static ProcessedBatch Of(params IReadOnlyList<JournalEntry> entries) => new([.. entries.Select(e => e.Position)], entries[^1].ReceivedAt, [], [], [], [], []);

    /// <summary>A receiver that neither promises anything about repeated ids nor can be asked.</summary>
    public static Destination Receiver(string name) => new()
    {
        Name = name,
        Endpoint = new Uri("http://127.0.0.1:1/"),
        Document = "manifest-notification",
        Reply = new ReplyRule { Root = "{urn:test}Receipt", Id = "Id", Code = "Code", Accepted = ["OK"], Rejected = ["NO"] },
    };

    public static Destination Askable(string name) => Receiver(name) with
    {
        Inquiry = new Inquiry
        {
            Action = "urn:test/Find",
            Request = "{urn:test}Find",
            RequestId = "Id",
            Reply = "{urn:test}Found",
            ReplyId = "Id",
            ReplyCode = "Code",
            Known = ["YES"],
            Unknown = ["NO"],
        },
    };

    /// <summary>A receiver that fetches its messages.</summary>
    public static Destination Fetching(string name, params string[] callers) => new()
    {
        Name = name,
        Document = "manifest-notification",
        Transport = SoapTransportKind.Pull,
        Pull = new PullRule { Callers = callers },
    };

    /// <param name="mapped">False for a message whose mapping failed.</param>
    public static MappedMessage Message(long number, long entry, string destination = "manifest", Subject? subject = null, bool mapped = true, string? id = null)
    {
        var about = subject ?? Journey;
        var key = $"decision-{number}";
        var decision = new Decision(key, "SEAL", IsAlarm: false, Episode: null, new Sighting(LockId.Parse("8022300001"), At, At, Late: false, ClockSuspect: false, Where: null, entry), null, null, null, []);
        id ??= MessageId.Of(destination, about, key, revision: 1);
        var source = new OutgoingEvent(
            new MessageInfo(id, number, 1, destination, about.ToString(), null, null, IsWithdrawal: false),
            new EventInfo(key, "SEAL", false, null, At, At, false, false, null, null, null, null, null, []), Journey: null);
        return new MappedMessage(
            id, Receiver(destination), about, number, key, decision, Corrects: null, entry, source, "manifest-notification", 1,
            mapped ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"<m n=\"{number}\"/>")) : default(ReadOnlyMemory<byte>?), mapped ? null : "mapping.missing: nothing stands at journey.mrn");
    }

    /// <summary>An entry that leads to nothing by itself.</summary>
    public static ReceivedRecord Act(DateTimeOffset receivedAt) =>
        new(EntryKind.OperatorAct, "test", "nothing", receivedAt, "{}"u8.ToArray(), [], Identity: null, Quarantine: null);
}
