using System.CommandLine;
using System.Text;
using Adapter.Host.Rehearsal;
using Adapter.Host.Storage;

namespace Adapter.Host.Cli;

/// <summary><c>drill</c>: an outage of every receiver, scripted, with the bill at the end.</summary>
internal static class DrillCommand
{
    public static Command Create()
    {
        var journeys = new Option<int>("--journeys") { Description = "Journeys under way during the outage, 5 to 1000.", DefaultValueFactory = _ => 20 };
        var outage = new Option<int>("--outage") { Description = "Seconds that the outage lasts, 5 to 86400.", DefaultValueFactory = _ => 20 };
        var patience = new Option<int>("--patience") { Description = "Seconds to wait for the recovery before what is missing counts as lost.", DefaultValueFactory = _ => 300 };
        var against = AddressOption.Create("--against", "A host that runs already and delivers to twins. Default: a host and twins of its own.");
        var twins = AddressOption.Create("--twins", "With --against: address of its twins.", "http://127.0.0.1:5090");
        var key = new Option<string?>("--key") { Description = "With --against: reference to an operator's key, env:NAME or file:/path." };
        var secret = new Option<string?>("--secret") { Description = "With --against: reference to the intake's secret, env:NAME or file:/path." };
        var header = new Option<string>("--secret-header") { Description = "With --against: header of the intake's secret.", DefaultValueFactory = _ => RehearsalHost.SecretHeader };
        var command = new Command(
            "drill", "Plays an outage of all three receivers while journeys are under way, and counts what was lost, duplicated or disordered: exit code 0 when nothing was.")
        {
            journeys, outage, patience, against, twins, key, secret, header,
        };
        var stores = new StoreOptions();
        stores.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var script = new DrillScript(
                Math.Clamp(parsed.GetValue(journeys), 5, 1000), TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(outage), 5, 86_400)),
                TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(patience), 10, 86_400)));
            return parsed.GetValue(against) is not { } host ? RunOwnAsync(script, stores.Read(parsed), cancellationToken)
                : parsed.GetValue(key) is { } keyAt && parsed.GetValue(secret) is { } secretAt
                    ? RunAgainstAsync(script, host, parsed.GetValue(twins)!, parsed.GetValue(header)!, keyAt, secretAt, cancellationToken)
                    : RefuseAsync("--against needs --key and --secret, each as env:NAME or file:/path: the drill registers journeys and pushes reports.");
        });
        return command;
    }

    private static async Task<int> RunOwnAsync(DrillScript script, RehearsalStore? store, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("customstransit-drill-").FullName;
        await using var host = await RehearsalHost.StartAsync(folder, store, twins: null, port: 0, "drill", TimeProvider.System, broker: null, cancellationToken);
        Console.WriteLine($"host {host.Address}  store {folder}");
        return await RunAsync(script, host.Callers, cancellationToken);
    }

    private static async Task<int> RunAgainstAsync(
        DrillScript script, Uri host, Uri twins, string header, string key, string secret, CancellationToken cancellationToken)
    {
        try
        {
            using var callers = RehearsalCallers.Of(host, twins, header, Text(secret), Text(key));
            return await RunAsync(script, callers, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException)
        {
            return await RefuseAsync($"The drill cannot go on: {exception.Message}");
        }
    }

    private static async Task<int> RunAsync(DrillScript script, RehearsalCallers callers, CancellationToken cancellationToken)
    {
        var report = await new Drill(callers, script, TimeProvider.System, Console.WriteLine).RunAsync(cancellationToken);
        foreach (var line in report.Lines())
        {
            Console.WriteLine(line);
        }

        return report.IsGood ? 0 : 1;
    }

    private static string Text(string reference) => Encoding.UTF8.GetString(SecretReference.Resolve(reference)).Trim();

    private static async Task<int> RefuseAsync(string problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return 1;
    }
}
