using System.CommandLine;
using System.Globalization;
using Adapter.Host.Brokers;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Neighbours;
using Adapter.Host.Rehearsal.Twins;
using Spectre.Console;

namespace Adapter.Host.Cli;

/// <summary><c>demo</c>: three journeys and a stray lock through the real thing, then what each system received and what was found.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Ends when everything has arrived: exit code 0 when all of it did, 1 otherwise." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Keeps every message that was sent, as files." };
        var store = new Option<DirectoryInfo?>("--store") { Description = "Folder of the store. Default: a fresh one. The same folder again continues its journeys, also after a kill." };
        var twins = AddressOption.Create("--twins", "Address of twins that run as a process of their own (command 'twins'). Default: twins in this process.");
        var pace = new Option<int>("--pace") { Description = "Milliseconds between two pushes.", DefaultValueFactory = _ => 20 };
        var port = new Option<int>("--port") { Description = "Port of the host on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 0 };
        var broker = new Option<string?>("--broker")
        {
            Description = "Feeds the host through a queue instead of pushes: amqp://user:password@host:5672, a Service Bus connection string, or env:NAME or file:PATH that holds one of them.",
            HelpName = "address",
        };
        var queue = new Option<string?>("--queue") { Description = "The queue of --broker. Default: customstransit-demo, as RabbitMQ makes it by itself (/queue/customstransit-demo)." };
        var neighbours = new Option<bool>("--neighbours") { Description = "Two hosts, two countries: one journey is announced, carried over, confirmed and closed, with an outage and a duplicate in the middle. Ends with exit code 0 when nothing was lost, doubled or disordered." };
        var command = new Command("demo", "Sends three journeys from Mombasa to Malaba through the host - one clean, one with a rope cut and late reports, one that leaves its route and is overdue - and a lock that travels without one, and shows what three systems receive and what is found. Needs nothing set up.")
        {
            once, output, store, twins, pace, port, broker, queue, neighbours,
        };
        var stores = new StoreOptions();
        stores.AddTo(command);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(neighbours) ? NeighboursAsync(parsed.GetValue(store), cancellationToken) : RunAsync(
            new DemoOrder(
                parsed.GetValue(once), parsed.GetValue(output), parsed.GetValue(store), stores.Read(parsed), parsed.GetValue(twins),
                TimeSpan.FromMilliseconds(Math.Clamp(parsed.GetValue(pace), 0, 10_000)), parsed.GetValue(port), parsed.GetValue(broker), parsed.GetValue(queue)),
            cancellationToken));
        return command;
    }

    private static async Task<int> NeighboursAsync(DirectoryInfo? store, CancellationToken cancellationToken)
    {
        var folder = store?.FullName ?? Directory.CreateTempSubdirectory("customstransit-neighbours-").FullName;
        AnsiConsole.MarkupLineInterpolated($"[bold]CustomsTransit, two countries[/]  stores in {folder}");
        var problems = await NeighbourRun.PlayAsync(folder, line => AnsiConsole.MarkupLineInterpolated($"  {line}"), TimeProvider.System, cancellationToken);
        foreach (var problem in problems)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{problem}[/]");
        }

        if (problems.Count == 0)
        {
            AnsiConsole.MarkupLine("[green]Nothing was lost, nothing took effect twice, everything came in order.[/]");
        }

        return problems.Count == 0 ? 0 : 1;
    }

    private sealed record DemoOrder(bool Once, DirectoryInfo? Output, DirectoryInfo? Store, RehearsalStore? Database, Uri? Twins, TimeSpan Pace, int Port, string? Broker, string? Queue);

    private static async Task<int> RunAsync(DemoOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await PlayAsync(order, cancellationToken);
        }
        catch (Exception lost) when (order.Broker is not null && !cancellationToken.IsCancellationRequested && BrokerLoss.Of(lost) is { } loss)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]The broker cannot be used:[/] {loss.Detail} Look at --broker and --queue, and at whether it speaks AMQP 1.0 (RabbitMQ 3: the plugin rabbitmq_amqp1_0).");
            return 1;
        }
    }

    private static async Task<int> PlayAsync(DemoOrder order, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var folder = order.Store?.FullName ?? Directory.CreateTempSubdirectory("customstransit-demo-").FullName;
        Directory.CreateDirectory(folder);
        var broker = order.Broker is null ? null : await DemoBroker.OfAsync(order.Broker, order.Queue, folder, cancellationToken);
        await using var demo = await DemoRun.StartAsync(folder, order.Database, order.Twins, broker, order.Port, time, cancellationToken);
        AnsiConsole.MarkupLineInterpolated($"[bold]CustomsTransit demo[/]  host {demo.Address}  store {folder}");
        if (broker is not null)
        {
            AnsiConsole.MarkupLineInterpolated($"Reports go over {BrokerLogin.WhereOf(broker.Settings)}, queue {broker.Settings.Queue}.");
        }

        await demo.RegisterAsync(cancellationToken);
        var (accepted, duplicate) = await PushAsync(demo, order.Pace, time, cancellationToken);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Joint Cloud pushed {demo.Pushes.Count} times: {accepted} records accepted, {duplicate} copies dropped.");

        var received = await demo.ReceivedAsync(Patience, time, cancellationToken);
        foreach (var (twin, records) in received)
        {
            Show(twin, records, demo.Stories);
        }

        if (order.Output is { } output)
        {
            Keep(output, received);
        }

        var found = await FindingsAsync(demo, cancellationToken);
        Show(found);
        var told = received.All(twin => demo.IsTold(twin.Key, twin.Value));
        var complete = told && found.All(f => f.Story.IsFound(f.Findings));
        AnsiConsole.MarkupLine(told
            ? $"[green]All of it arrived: each event once, in order, at each system.{(complete ? " What was found is what happened, and nothing else." : "")}[/]"
            : $"[red]Not complete:[/] {Markup.Escape(string.Join("; ", demo.Stories.Select(s => $"{s.Name} expected {string.Join(", ", s.Kinds)}")))}. See /api/lanes for what waits and why.");
        foreach (var (story, _) in found.Where(f => !f.Story.IsFound(f.Findings)))
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{story.Name}:[/] expected {(story.Findings.Count == 0 ? "no finding" : string.Join(", ", story.Findings.Select(f => $"{f.Code} {f.State}")))}.");
        }

        if (order.Once)
        {
            return complete ? 0 : 1;
        }

        AnsiConsole.WriteLine();
        Console.WriteLine($"Look further with this administrator's key, made for this run:\n  {demo.Key}");
        Console.WriteLine($"  curl -H \"Authorization: Bearer $KEY\" {demo.Address}{demo.Stories[1].Path}");
        Console.WriteLine($"  curl -H \"Authorization: Bearer $KEY\" {demo.Address}{demo.Stories[^1].Path}");
        Console.WriteLine($"  {demo.Address}api/lanes  {demo.Address}api/openapi.json  {demo.Address}metrics  {demo.Address}health/ready");
        Console.WriteLine("Ctrl+C ends the demo.");
        await demo.WaitForShutdownAsync(cancellationToken);
        return complete ? 0 : 1;
    }

    private static async Task<(int Accepted, int Duplicate)> PushAsync(DemoRun demo, TimeSpan pace, TimeProvider time, CancellationToken cancellationToken)
    {
        int accepted = 0, duplicate = 0;
        await AnsiConsole.Progress().HideCompleted(false).StartAsync(async progress =>
        {
            var bar = progress.AddTask("on the road", maxValue: demo.Pushes.Count);
            foreach (var push in demo.Pushes)
            {
                var result = await demo.PushAsync(push, cancellationToken);
                (accepted, duplicate) = (accepted + result.Accepted, duplicate + result.Duplicate);
                bar.Description = Markup.Escape(push.Label);
                bar.Increment(1);
                if (pace > TimeSpan.Zero)
                {
                    await Task.Delay(pace, time, cancellationToken);
                }
            }

            bar.Description = "all of the way";
        });
        return (accepted, duplicate);
    }

    private static void Show(string twin, IReadOnlyList<TwinRecord> records, IReadOnlyList<DemoStory> stories)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]received by {twin}[/]{(twin == TwinName.Neighbour ? "  (answers are WCO function codes: 01 is accepted)" : "")}");
        // What belongs to no story is shown as well: it should not be there.
        foreach (var subject in stories.Select(story => story.Mrn).Union(records.Select(record => record.Subject)))
        {
            var story = stories.FirstOrDefault(story => story.Mrn == subject);
            Line($"{story?.Heading ?? "of no story"}  {(subject is null ? "" : $"MRN {subject}")}".TrimEnd());
            var its = records.Where(record => record.Subject == subject).ToList();
            foreach (var record in its)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $"{record.Sequence,4}  {record.Kind ?? record.Element,-17}  {record.MessageId}  {Outcome(record)}"));
            }

            if (its.Count == 0)
            {
                Line("      nothing: it did not ask to hear of locks on no journey");
            }
        }

        AnsiConsole.WriteLine();
    }

    /// <summary>The receiver's answer, and what else a reader would not expect.</summary>
    private static string Outcome(TwinRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.Result}{(record.Withdraws ? ", takes it back" : "")}{record.Effect switch
    {
        0 => ", no effect",
        1 => "",
        var times => $", effect {times}",
    }}");

    /// <summary>As it is: the console would break ids in two to keep its width.</summary>
    private static void Line(string text) => AnsiConsole.Profile.Out.Writer.WriteLine(text);

    private static async Task<IReadOnlyList<(DemoStory Story, IReadOnlyList<DemoFinding> Findings)>> FindingsAsync(DemoRun demo, CancellationToken cancellationToken)
    {
        var found = new List<(DemoStory, IReadOnlyList<DemoFinding>)>();
        foreach (var story in demo.Stories)
        {
            found.Add((story, await demo.FindingsAsync(story, cancellationToken)));
        }

        return found;
    }

    private static void Show(IReadOnlyList<(DemoStory Story, IReadOnlyList<DemoFinding> Findings)> found)
    {
        AnsiConsole.MarkupLine("[bold]what was found[/]");
        foreach (var (story, findings) in found)
        {
            AnsiConsole.MarkupLineInterpolated($"{story.Heading}  {story.Title}");
            foreach (var finding in findings)
            {
                AnsiConsole.MarkupLineInterpolated($"  [bold]{finding.Code}[/]  {finding.Severity}  {finding.State}");
                AnsiConsole.Write(new Padder(new Text(finding.Text), new Padding(4, 0, 0, 0)));
            }

            if (findings.Count == 0)
            {
                AnsiConsole.MarkupLine("  nothing");
            }
        }
    }

    private static void Keep(DirectoryInfo output, IReadOnlyDictionary<string, IReadOnlyList<TwinRecord>> received)
    {
        foreach (var (twin, records) in received)
        {
            var folder = output.CreateSubdirectory(twin);
            foreach (var record in records.Where(r => r.Effect > 0))
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{record.Subject ?? "no-journey"}-{record.Sequence:000}-{record.Kind}.xml");
                File.WriteAllText(Path.Combine(folder.FullName, name), record.Xml);
            }
        }

        AnsiConsole.MarkupLineInterpolated($"Every message as a file: {output.FullName}");
    }
}
