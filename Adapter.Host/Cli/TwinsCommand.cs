using System.CommandLine;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Cli;

/// <summary><c>twins</c>: the receiving systems as a process of their own.</summary>
internal static class TwinsCommand
{
    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--directory") { Description = "Where the twins log what they receive.", DefaultValueFactory = _ => new DirectoryInfo("twins") };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 5090 };
        var settings = new Option<FileInfo?>("--write-settings") { Description = "Writes a settings file for 'serve --settings', which makes the twins its destinations." };
        var command = new Command("twins", "Runs stand-ins of the manifest system, the transportation system and a neighbour, until stopped.") { directory, port, settings };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var twins = await TwinHost.StartAsync(
                TwinStage.Settings(parsed.GetValue(directory)!.FullName, parsed.GetValue(port)), cancellationToken);
            foreach (var twin in TwinName.All)
            {
                Console.WriteLine($"{twin,-15} {twins.Endpoint(twin)}   log: {TwinLog.PathOf(parsed.GetValue(directory)!.FullName, twin)}");
            }

            if (parsed.GetValue(settings) is { } file)
            {
                await File.WriteAllTextAsync(file.FullName, TwinStage.SettingsJson(twins.Address), cancellationToken);
                Console.WriteLine($"settings        {file.FullName}");
            }

            Console.WriteLine($"orders          PUT {twins.Address}orders/{{twin}} {{\"mode\":\"{string.Join('|', TwinsOrderCommand.Modes)}\",\"count\":n,\"seconds\":n}}, or: twins order");
            Console.WriteLine("ready");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C: what was answered is on disk.
            }

            return 0;
        });
        command.Subcommands.Add(TwinsOrderCommand.Create());
        return command;
    }
}
