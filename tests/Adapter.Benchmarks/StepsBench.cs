using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Adapter.Benchmarks.Load;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Ingest.Webhook;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Telemetry;
using Adapter.Mappings.Validation;

namespace Adapter.Benchmarks;

/// <summary>The price list: what one report or one message costs in each step that is pure, in time and in bytes allocated.</summary>
internal static class StepsBench
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(1);

    public static Task<int> RunAsync(int rounds)
    {
        var reader = TelemetryReader.Create(TelemetryTables.BuiltIn);
        var (location, alarm) = (new TelemetryRoute("jointcloud", ReportRoute.Location, CodeSpace: null), new TelemetryRoute("jointcloud", ReportRoute.Alarm, "web-alarm"));
        var (position, row) = (Body("position"), Body("alarm"));
        var now = TimeProvider.System.GetUtcNow();
        var steps = new List<(string Name, Action Run)>
        {
            ("cut a request of one record", () => JsonElements.Cut(position, 1)),
            ("position: what it is recognised by", () => reader.Identify(location, position, now)),
            ("position: what it says", () => reader.Report(location, position)),
            ("alarm: what it is recognised by", () => reader.Identify(alarm, row, now)),
            ("alarm: what it says", () => reader.Report(alarm, row)),
        };
        foreach (var id in BuiltInDocuments.Ids)
        {
            var document = BuiltInDocuments.Load(id);
            var mapping = MappingCompiler.Compile(document, SchemaCatalogue.BuiltIn).Mapping!;
            var source = JsonSerializer.Deserialize<OutgoingEvent>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Documents", id, document.Examples[0].Input)), JsonSerializerOptions.Web)!;
            var body = ((MappingOutcome.Mapped)mapping.Apply(source)).Body;
            var schemas = SchemaCatalogue.BuiltIn.Target(mapping.Target).Schemas;
            steps.Add(($"{id}: map and validate", () => mapping.Apply(source)));
            steps.Add(($"{id}: validate alone", () => XsdValidator.Validate(body, schemas)));
        }

        Console.WriteLine("| step | us | bytes |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (var (name, run) in steps)
        {
            Measure(run, Warm);
            var (time, bytes) = (new Series(), 0L);
            for (var round = 0; round < rounds; round++)
            {
                (var microseconds, bytes) = Measure(run, Stretch);
                time.Add(microseconds);
            }

            Console.WriteLine($"| {name} | {time.Text("0.0")} | {bytes.ToString(CultureInfo.InvariantCulture)} |");
        }

        return Task.FromResult(0);
    }

    private static (double Microseconds, long Bytes) Measure(Action run, TimeSpan stretch)
    {
        var (runs, allocated, start) = (0L, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < stretch)
        {
            for (var i = 0; i < 100; i++)
            {
                run();
            }

            runs += 100;
        }

        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds / runs, (GC.GetAllocatedBytesForCurrentThread() - allocated) / runs);
    }

    private static byte[] Body(string kind)
    {
        var reports = new Reports(kind, 0, 0);
        var body = new byte[reports.Length];
        reports.Next(body);
        return body;
    }
}
