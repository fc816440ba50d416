using System.CommandLine;

namespace Adapter.Host.Cli;

/// <summary>The command line: <c>serve</c> without a name, and the rest by name.</summary>
internal static class Commands
{
    /// <param name="configure">Adds to a host over all settings; how a test composes this program anew.</param>
    public static Task<int> RunAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var root = new RootCommand(
            "CustomsTransit: the adapter host between e-lock telemetry and customs.\n"
            + "Without a command it serves. Settings come from appsettings.json, environment variables and --Key=value, in that order.");
        root.Subcommands.Add(ServeCommand.Create(configure));
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(DrillCommand.Create());
        root.Subcommands.Add(TwinsCommand.Create());
        root.Subcommands.Add(KeyCommand.Create(configure));
        root.Subcommands.Add(MappingCommand.Create(configure));
        ServeCommand.Bind(root, configure);
        return root.Parse(args).InvokeAsync();
    }
}
