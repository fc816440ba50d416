using System.ComponentModel;
using System.Diagnostics;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Runs a script of another stack to its end.</summary>
internal static class ForeignProgram
{
    /// <summary>Also for those that compile what they generated first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="program">The interpreter.</param>
    /// <param name="script">A file below <c>tests/interop</c>.</param>
    /// <returns>The lines that it printed.</returns>
    public static async Task<List<string>> RunAsync(string program, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Where .ci/install puts it.
        start.Environment["NODE_PATH"] = Path.Combine(
            Environment.GetEnvironmentVariable("CUSTOMSTRANSIT_CACHE") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "customstransit"), "soap-node", "node_modules");
        foreach (var argument in (string[])[PathOf(script), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Start(start);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, await output + await errors);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    public static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "interop", script);

    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{start.FileName} cannot be started, and these tests need a stack of another maker. .ci/install installs it.", missing);
        }
    }
}
