using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Adapter.TestKit;

/// <summary>The built program as a process of its own, to be killed without warning.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "Adapter.Host.dll")).Prepend("exec"))
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => Fail();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the host listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All that the process has written, for a failure's message.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary><c>serve</c> on a free port; returns when <c>/health/ready</c> says so.</summary>
    public static async Task<HostProcess> ServeAsync(params string[] arguments)
    {
        var host = new HostProcess(["serve", "--urls=http://127.0.0.1:0", .. arguments]);
        host.Address = await host._address.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = host.Address };
        await Eventually.GetAsync(
            async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            ready => ready, _ => host.Output);
        return host;
    }

    /// <summary><c>twins</c>; returns when they take messages.</summary>
    public static async Task<HostProcess> TwinsAsync(string directory, int port, string settings)
    {
        var twins = new HostProcess(["twins", "--directory", directory, "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--write-settings", settings]);
        await twins._ready.Task.WaitAsync(TestContext.Current.CancellationToken);
        var manifest = twins._output.First(line => line.StartsWith("manifest", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        twins.Address = new Uri(new Uri(manifest), "/");
        return twins;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new HostProcess(arguments);
        await process._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }

        if (line == "ready")
        {
            _ready.TrySetResult();
        }
    }

    private void Fail()
    {
        var failure = new InvalidOperationException($"The process ended before it was ready:\n{Output}");
        _address.TrySetException(failure);
        _ready.TrySetException(failure);
    }
}
