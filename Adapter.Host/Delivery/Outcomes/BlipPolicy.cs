using System.Net.Sockets;
using Adapter.Host.Delivery.Transports;
using Polly;
using Polly.Retry;

namespace Adapter.Host.Delivery.Outcomes;

/// <summary>The clock of seconds: repeats an attempt that certainly sent nothing, for causes that pass by themselves.</summary>
/// <remarks>Twice, after 200 ms and 1 s. Everything else, and everything longer, is the lane's own schedule on disk.</remarks>
internal sealed class BlipPolicy
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];
    private readonly ResiliencePipeline<AttemptEvidence> _pipeline;

    public BlipPolicy(TimeProvider time)
    {
        _pipeline = new ResiliencePipelineBuilder<AttemptEvidence> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<AttemptEvidence>
            {
                MaxRetryAttempts = Waits.Length,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Waits[arguments.AttemptNumber]),
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } evidence && IsBlip(evidence)),
            })
            .Build();
    }

    /// <summary>Sends, and sends again only while nothing left and the cause is a passing one.</summary>
    /// <returns>Evidence of the last attempt, also when the host stops between two.</returns>
    public async Task<AttemptEvidence> SendAsync(ISoapTransport transport, SoapCall call, CancellationToken cancellationToken)
    {
        AttemptEvidence? last = null;
        try
        {
            return await _pipeline.ExecuteAsync(async token => last = await transport.SendAsync(call, token), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return last ?? new AttemptEvidence(
                null, null, null, null, RequestLeft: false, null, ReadOnlyMemory<byte>.Empty, "The host stopped before anything was sent.", TimeSpan.Zero);
        }
    }

    /// <summary>No allow-list refusal, unknown name or untrusted certificate, which a second does not heal; no connect timeout, which took long enough.</summary>
    internal static bool IsBlip(AttemptEvidence evidence) => evidence is
    {
        RequestLeft: false,
        Socket: SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.TryAgain,
    };
}
