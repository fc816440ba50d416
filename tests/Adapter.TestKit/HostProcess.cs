using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Adapter.TestKit;

/// <summary>The built program as a process of its own, to be killed without warning.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>How the runtime reports a process that SIGKILL ended.</summary>
    private const int Killed = 128 + 9;

    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, program + ".dll")).Prepend("exec"))
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

    /// <summary>Where the host listens, as soon as it does; fails where it ends before that.</summary>
    public Task<Uri> Listens => _address.Task;

    public bool HasEnded => _process.HasExited;

    /// <summary>All that the process has written, for a failure's message.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary><c>serve</c> on a free port; returns when <c>/health/ready</c> says so.</summary>
    public static async Task<HostProcess> ServeAsync(params string[] arguments)
    {
        var host = new HostProcess("Adapter.Host", ["serve", "--urls=http://127.0.0.1:0", .. arguments]);
        host.Address = await host._address.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = host.Address };
        await Eventually.GetAsync(
            async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            ready => ready, _ => host.Output);
        return host;
    }

    /// <summary><c>serve</c> on a free port; returns at once, for a host that stands by.</summary>
    public static HostProcess StartServing(params string[] arguments) => new("Adapter.Host", ["serve", "--urls=http://127.0.0.1:0", .. arguments]);

    /// <summary>Starts the host that kills itself at one of its crash points; returns at once, because that may be before it listens.</summary>
    /// <param name="point">The point, when it is reached for the <paramref name="after"/>-th time.</param>
    /// <param name="arguments">The command, <c>serve</c> or another, and its settings.</param>
    public static HostProcess StartDoomed(string point, int after, params string[] arguments) => new(
        "Adapter.CrashHost",
        [.. arguments, "--urls=http://127.0.0.1:0", $"--Crash:Point={point}", string.Create(CultureInfo.InvariantCulture, $"--Crash:After={after}")]);

    /// <summary><c>twins</c>; returns when they take messages.</summary>
    public static async Task<HostProcess> TwinsAsync(string directory, int port, string settings)
    {
        var twins = new HostProcess("Adapter.Host", ["twins", "--directory", directory, "--port", port.ToString(CultureInfo.InvariantCulture), "--write-settings", settings]);
        await twins._ready.Task.WaitAsync(TestContext.Current.CancellationToken);
        var manifest = twins._output.First(line => line.StartsWith("manifest", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        twins.Address = new Uri(new Uri(manifest), "/");
        return twins;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new HostProcess("Adapter.Host", arguments);
        await process._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>Waits until the process is dead.</summary>
    /// <returns>True where SIGKILL ended it, false where it ended in another way or lives on.</returns>
    public async Task<bool> DiesAsync(TimeSpan patience)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        until.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(until.Token);
            return _process.ExitCode == Killed;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGSTOP: sockets stay open and nothing answers.</summary>
    public void StandStill() => Signal("-STOP");

    /// <summary>SIGCONT.</summary>
    public void GoOn() => Signal("-CONT");

    /// <summary>Waits until the process has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndsAsync(TimeSpan patience)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience);
        return _process.ExitCode;
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

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
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
