using Amqp.Framing;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Why a message will never do its work.</summary>
/// <param name="Reason">Stable, such as <c>intake.not-json</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="OnTheLink">How it is told where the message is settled, so that the broker keeps the reason if it can.</param>
internal sealed record Refusal(string Reason, string Description, Error OnTheLink);

/// <summary>Puts messages aside with the broker's word for it.</summary>
internal interface IPutsAside
{
    /// <returns>False where the message was ours no more: it comes again.</returns>
    /// <exception cref="Exception">Any that <see cref="Brokers.BrokerLoss.Of(Exception)"/> knows: the broker did not say.</exception>
    Task<bool> PutAsideAsync(BrokerMessage message, Refusal refusal, CancellationToken cancellationToken);
}
