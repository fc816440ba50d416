using System.Diagnostics;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The program as somebody at a terminal starts it.</summary>
internal static class CommandLine
{
    /// <returns>What it prints, errors first, and its exit code.</returns>
    public static async Task<string> RunAsync(string folder, string arguments, CancellationToken cancellationToken, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", $"exec \"{Path.Combine(AppContext.BaseDirectory, "Adapter.Host.dll")}\" {arguments}")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(cancellationToken), process.StandardOutput.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return $"{await error}{await output}exit code {process.ExitCode}\n";
    }
}
