using Xunit;

namespace Adapter.TestKit;

/// <summary>Waits for something that another thread or process does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer will do.</summary>
    /// <param name="describe">What was seen last, for the failure.</param>
    /// <exception cref="TimeoutException">It never did.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> willDo, Func<T, string>? describe = null, TimeSpan? patience = null)
    {
        using var until = new CancellationTokenSource(patience ?? Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            var answer = await ask();
            if (willDo(answer))
            {
                return answer;
            }

            if (until.IsCancellationRequested)
            {
                throw new TimeoutException($"Not seen within {patience ?? Patience}. Last: {describe?.Invoke(answer) ?? answer?.ToString()}");
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) => GetAsync(() => Task.FromResult(condition()), held => held, _ => what);
}
