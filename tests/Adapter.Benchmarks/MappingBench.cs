using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Benchmarks;

/// <summary>A mapping document beside XmlWriter code written by hand for the same bytes, in turns; with and without the same validation. And what publishing a large document takes.</summary>
internal static class MappingBench
{
    private const string Ns = "urn:customstransit:manifest:1";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };

    public static Task<int> RunAsync(int rounds)
    {
        var document = BuiltInDocuments.Load("manifest-notification");
        var mapping = MappingCompiler.Compile(document, SchemaCatalogue.BuiltIn).Mapping!;
        var schemas = SchemaCatalogue.BuiltIn.Target(mapping.Target).Schemas;
        var source = JsonSerializer.Deserialize<OutgoingEvent>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Documents", document.Id, document.Examples[0].Input)), JsonSerializerOptions.Web)!;
        if (!ByHand(source).AsSpan().SequenceEqual(((MappingOutcome.Mapped)mapping.Apply(source)).Body.Span))
        {
            Console.Error.WriteLine("The hand-written code does not write what the document does; there is nothing to compare.");
            return Task.FromResult(1);
        }

        (string Name, Action Run)[] steps =
        [
            ("by hand", () => ByHand(source)),
            ("document", () => mapping.Make(source)),
            ("by hand, validated", () => XsdValidator.Validate(ByHand(source), schemas)),
            ("document, validated", () => mapping.Apply(source)),
        ];
        var time = steps.Select(_ => new Series()).ToArray();
        var bytes = new long[steps.Length];
        var (plain, validated) = (new Series(), new Series());
        for (var round = -1; round < rounds; round++)
        {
            var measured = steps.Select(s => Measure(s.Run)).ToArray();
            if (round < 0)
            {
                continue;
            }

            for (var i = 0; i < steps.Length; i++)
            {
                time[i].Add(measured[i].Microseconds);
                bytes[i] = measured[i].Bytes;
            }

            plain.Add(measured[1].Microseconds / measured[0].Microseconds);
            validated.Add(measured[3].Microseconds / measured[2].Microseconds);
        }

        Console.WriteLine("| manifest notification | us | bytes |");
        Console.WriteLine("| --- | --- | --- |");
        for (var i = 0; i < steps.Length; i++)
        {
            Console.WriteLine($"| {steps[i].Name} | {time[i].Text("0.0")} | {bytes[i].ToString(CultureInfo.InvariantCulture)} |");
        }

        Console.WriteLine($"mapping / by hand: {plain.Text("0.00")} of the time (aim 1.5), {((double)bytes[1] / bytes[0]).ToString("0.00", CultureInfo.InvariantCulture)} of the bytes (aim 2)");
        Console.WriteLine($"with the same validation: {validated.Text("0.00")} (aim 1.5)");

        var large = Encoding.UTF8.GetBytes(Large(500));
        var publishing = new Series();
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var found = MappingChecker.Check(new MappingPackage(large, new Dictionary<string, string>(StringComparer.Ordinal)), SchemaCatalogue.BuiltIn);
            publishing.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (!found.IsSound)
            {
                Console.Error.WriteLine(found.Problems[0]);
                return Task.FromResult(1);
            }
        }

        Console.WriteLine($"a document of 500 rows read, checked and compiled in {publishing.Text("0")} ms (aim below 1000)");
        return Task.FromResult(0);
    }

    /// <summary>The shipped document with constant codes until it has that many rows.</summary>
    private static string Large(int rows)
    {
        var document = BuiltInDocuments.Load("manifest-notification");
        var more = Enumerable.Range(0, (rows - document.Rows.Count) / 2).SelectMany(i => (Row[])
        [
            new(0, Cell($"Event/SourceCode[c{i}]"), Cell($"if(event.isAlarm, '{i}', upper(event.kind))"), null, [], new MissingRule.Fail(), 1, 1),
            new(0, Cell($"Event/SourceCode[c{i}]/@space"), Cell($"'space-{i}'"), null, [], new MissingRule.Fail(), 1, 1),
        ]);
        return MappingDocumentWriter.Write(document with { Rows = [.. document.Rows, .. more], Examples = [] });

        static Cell Cell(string text) => new(text, 1, 1);
    }

    private static byte[] ByHand(OutgoingEvent source)
    {
        var (message, happened, journey) = (source.Message, source.Event, source.Journey);
        using var bytes = new MemoryStream(2048);
        using (var writer = XmlWriter.Create(bytes, Settings))
        {
            writer.WriteStartElement("SealNotification", Ns);
            Text(writer, "MessageId", message.Id);
            Text(writer, "Sequence", message.Number.ToString(CultureInfo.InvariantCulture));
            Flag(writer, "OutOfSequence", message.OutOfSequence);
            Optional(writer, "Corrects", message.Corrects);
            Flag(writer, "Withdrawn", message.IsWithdrawal);
            Optional(writer, "ManifestNumber", journey?.ManifestNumber);
            Optional(writer, "Mrn", journey?.Mrn);
            writer.WriteStartElement("Event", Ns);
            Text(writer, "Code", happened.Kind);
            Text(writer, "Alarm", happened.IsAlarm ? "true" : "false");
            Text(writer, "OccurredAt", Time(happened.ObservedAt));
            Text(writer, "ReportedAt", Time(happened.ReceivedAt));
            Flag(writer, "Late", happened.IsLate);
            Flag(writer, "ClockSuspect", happened.ClockSuspect);
            Optional(writer, "Lock", happened.Lock);
            Optional(writer, "Office", happened.Office?.Code);
            if (happened.Position is { } position)
            {
                writer.WriteStartElement("Position", Ns);
                Text(writer, "Latitude", position.Latitude.ToString("F6", CultureInfo.InvariantCulture));
                Text(writer, "Longitude", position.Longitude.ToString("F6", CultureInfo.InvariantCulture));
                writer.WriteEndElement();
            }

            foreach (var code in happened.Codes)
            {
                writer.WriteStartElement("SourceCode", Ns);
                writer.WriteAttributeString("space", code.Space);
                writer.WriteString(code.Code);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
            foreach (var container in journey?.Containers ?? [])
            {
                writer.WriteStartElement("Container", Ns);
                Text(writer, "Number", container.Number);
                foreach (var seal in container.Seals)
                {
                    writer.WriteStartElement("Seal", Ns);
                    Text(writer, "Number", seal.Number);
                    Text(writer, "Electronic", seal.IsLock ? "true" : "false");
                    writer.WriteEndElement();
                }

                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static void Text(XmlWriter writer, string name, string value) => writer.WriteElementString(name, Ns, value);

    private static void Optional(XmlWriter writer, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            Text(writer, name, value);
        }
    }

    private static void Flag(XmlWriter writer, string name, bool value)
    {
        if (value)
        {
            Text(writer, name, "true");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static (double Microseconds, long Bytes) Measure(Action run)
    {
        var (runs, allocated, start) = (0L, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
        {
            for (var i = 0; i < 100; i++)
            {
                run();
            }

            runs += 100;
        }

        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds / runs, (GC.GetAllocatedBytesForCurrentThread() - allocated) / runs);
    }
}
