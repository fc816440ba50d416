using System.Diagnostics;
using Adapter.Host.Observability;

namespace Adapter.CrashHost;

/// <summary>Kills this process when a point is reached for the n-th time: SIGKILL, so no handler runs and nothing is flushed.</summary>
internal sealed class Killer(string point, int after) : ICrashPoint
{
    private int _left = after;

    public void Reached(string reached)
    {
        if (reached == point && Interlocked.Decrement(ref _left) == 0)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            // The signal may take a moment; this thread must not get any further in the meantime.
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}
