using System.CommandLine;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Cli;

/// <summary><c>serve</c>: intake, processing and delivery until stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(Action<WebApplicationBuilder>? configure)
    {
        var command = new Command("serve", "Takes telemetry, decides and delivers until it is stopped (Ctrl+C). The default command.");
        Bind(command, configure);
        return command;
    }

    public static void Bind(Command command, Action<WebApplicationBuilder>? configure)
    {
        var settings = new Option<FileInfo?>("--settings") { Description = "A JSON file with settings, read after appsettings.json." };
        command.Options.Add(settings);
        // Whatever else stands there is a setting: --Storage:ConnectionString="Data Source=ct.db" --urls=http://127.0.0.1:5080
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(settings), [.. parsed.UnmatchedTokens], configure, cancellationToken));
    }

    private static async Task<int> RunAsync(FileInfo? settings, string[] args, Action<WebApplicationBuilder>? configure, CancellationToken cancellationToken)
    {
        if (args.FirstOrDefault(arg => !arg.StartsWith('-')) is { } stray && !args.Any(arg => arg.StartsWith('-') && !arg.Contains('=', StringComparison.Ordinal)))
        {
            return Fail($"'{stray}' is no command. See --help.");
        }

        if (settings is { Exists: false })
        {
            return Fail($"There is no settings file {settings.FullName}.");
        }

        try
        {
            await using var app = AdapterHost.Build(args, builder =>
            {
                if (settings is not null)
                {
                    builder.Configuration.AddJsonFile(settings.FullName, optional: false);
                    builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
                }

                configure?.Invoke(builder);
            });
            app.CheckSettings();
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (OptionsValidationException invalid)
        {
            return Fail("The settings are not usable:" + string.Concat(invalid.Failures.Select(failure => $"\n  - {failure}")));
        }
        catch (Exception startup) when (startup is InvalidOperationException or IOException or System.Data.Common.DbException)
        {
            return Fail(startup.InnerException is null ? startup.Message : $"{startup.Message} {startup.InnerException.Message}");
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
