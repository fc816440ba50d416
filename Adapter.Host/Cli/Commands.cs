using System.CommandLine;

namespace Adapter.Host.Cli;

/// <summary>The command line: <c>serve</c> without a name, and the rest by name.</summary>
internal static class Commands
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "CustomsTransit: the adapter host between e-lock telemetry and customs.\n"
            + "Without a command it serves. Settings come from appsettings.json, environment variables and --Key=value, in that order.");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(TwinsCommand.Create());
        root.Subcommands.Add(KeyCommand.Create());
        ServeCommand.Bind(root);
        return root.Parse(args).InvokeAsync();
    }
}
