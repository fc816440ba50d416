using System.Diagnostics;
using System.Globalization;

namespace Adapter.Benchmarks;

/// <summary>A peer or the load as a process of its own, with what the operating system says of it.</summary>
/// <remarks>It ends by itself when its standard input closes, so none outlives the bench.</remarks>
internal sealed class PeerProcess : IAsyncDisposable
{
    /// <summary>Linux counts processor time in hundredths of a second.</summary>
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    public Uri Address { get; private set; } = null!;

    public static async Task<PeerProcess> StartAsync(string name, params string[] arguments)
    {
        var peer = new PeerProcess(Start(["peer", name, .. arguments]));
        for (string? line; (line = await peer._process.StandardOutput.ReadLineAsync()) is not null;)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                peer.Address = new Uri(line["ready ".Length..]);
                return peer;
            }
        }

        throw new InvalidOperationException($"Peer {name} ended before it was ready.");
    }

    /// <summary>Runs the load to its end.</summary>
    public static async Task<LoadResult> LoadAsync(params string[] arguments)
    {
        using var process = Start(["load", .. arguments]);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var result = LoadResult.Parse(output);
        // A refusal costs less than what the bench is after, so one is too many.
        return result.Errors == 0 ? result : throw new InvalidOperationException($"{result.Errors} requests were refused.");
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            // Behind the name, which may hold blanks: state is field 3, utime 14, stime 15.
            var stat = File.ReadAllText($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    internal static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "Adapter.Benchmarks.dll")).Prepend("exec"))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }
}
