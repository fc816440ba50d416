using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Takes messages of one broker into the journal and settles each when, and only when, what it says is on disk.</summary>
internal sealed partial class BrokerIntake(
    string name, BrokerOptions options, IBroker broker, BodyReader bodies, IJournal journal, GapBook gaps, BrokerRoutes routes,
    IOptions<IngestOptions> ingest, AdapterMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private readonly int _mostBytes = ingest.Value.MaxBodyBytes;
    private readonly FailedAttempts _failed = new();

    /// <summary>Takes a batch in its order. Ends early, with the rest unsettled, when the link is gone.</summary>
    /// <exception cref="OperationCanceledException">The host stops; nothing of the batch is settled that is not on disk.</exception>
    public async Task TakeAsync(BrokerLink link, IReadOnlyList<BrokerMessage> batch, CancellationToken stoppingToken)
    {
        try
        {
            await KeepAsync(link, batch, stoppingToken);
        }
        catch (OperationCanceledException) when (link.Gone.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            // Unsettled, so the broker hands them over again.
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (batch is [var alone])
            {
                await FailAsync(link, alone, fault, stoppingToken);
                return;
            }

            // One by one, so that the message that does it stands alone.
            foreach (var message in batch)
            {
                await TakeAsync(link, [message], stoppingToken);
            }
        }
    }

    private async Task KeepAsync(BrokerLink link, IReadOnlyList<BrokerMessage> batch, CancellationToken stoppingToken)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, link.Gone);
        var receivedAt = time.GetUtcNow();
        var read = batch.Select(message => (Message: message, Content: Read(message, receivedAt))).ToList();

        // One append, so that they share a commit and keep their order.
        List<ReceivedRecord> records = [.. read.SelectMany(r => r.Content is Content.Records ready ? ready.All : [])];
        if (records.Count > 0)
        {
            metrics.Received(routes.Source, await AgainUntilStoredAsync(() => journal.AppendAsync(records, until.Token), until.Token));
        }

        foreach (var (message, content) in read)
        {
            switch (content)
            {
                case Content.Records:
                    _failed.Forget(message.Id);
                    Count(link.Accept(message) ? "accepted" : "unsettled");
                    break;
                case Content.Refused refused:
                    await AgainUntilStoredAsync(() => KeepAsideAsync(refused, until.Token), until.Token);
                    await RefuseAsync(link, message, refused.Reason, refused.Aside.Reason, until.Token);
                    break;
            }
        }
    }

    private Content Read(BrokerMessage message, DateTimeOffset receivedAt)
    {
        var route = routes.For(message.Subject);
        if (message.ContentEncoding is { } encoding)
        {
            return Refused("intake.content-encoding", $"The body is compressed ({encoding}). Send it as it is.", GapReason.ContentEncoding);
        }

        if (message.Body is not { } body)
        {
            return new Content.Refused("intake.not-text", bodies.Kept(route, ReadOnlyMemory<byte>.Empty, "The body holds neither bytes nor text.", receivedAt), GapReason: null);
        }

        if (body.Length > _mostBytes)
        {
            return Refused("intake.too-large", $"The body has {body.Length} bytes and may have {_mostBytes}. Send the array in parts.", GapReason.TooLarge);
        }

        return bodies.Read(route, body, message.ContentType, receivedAt) switch
        {
            BodyReading.Records records => new Content.Records(records.All),
            BodyReading.Unreadable { Fault: BodyFault.TooManyRecords } many => new Content.Refused("intake.too-many-records", many.Body, GapReason.TooManyRecords),
            BodyReading.Unreadable { Fault: BodyFault.NotJson } bad => new Content.Refused("intake.not-json", bad.Body, GapReason: null),
            BodyReading.Unreadable bad => new Content.Refused("intake.not-text", bad.Body, GapReason: null),
            var other => throw new InvalidOperationException($"The body's reader answered {other}."),
        };

        Content.Refused Refused(string reason, string text, string gap) =>
            new(reason, bodies.Kept(route, message.Body is { } all ? all[..Math.Min(all.Length, _mostBytes)] : ReadOnlyMemory<byte>.Empty, text, receivedAt), gap);
    }

    private async Task<bool> KeepAsideAsync(Content.Refused refused, CancellationToken cancellationToken)
    {
        await journal.KeepUnreadableAsync(refused.Aside, cancellationToken);
        if (refused.GapReason is { } gap)
        {
            gaps.Refused(refused.Aside.Source, refused.Aside.Route, gap);
        }

        return true;
    }

    /// <summary>Waits for the store however long it is away. What is held stays held, so the broker hands over no more than its credit.</summary>
    private async Task<T> AgainUntilStoredAsync<T>(Func<Task<T>> write, CancellationToken until)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return await write();
            }
            catch (StoreUnavailableException away)
            {
                if (!told)
                {
                    LogStoreAway(away, name);
                }
            }

            await Task.Delay(StorePause, time, until);
        }
    }

    /// <summary>A message that fails by itself, by a fault of ours: it comes again a few times and then is put aside with the reason, so that it stops no other.</summary>
    private async Task FailAsync(BrokerLink link, BrokerMessage message, Exception fault, CancellationToken stoppingToken)
    {
        var attempts = Math.Max(_failed.Add(message.Id), message.FailedDeliveries + 1);
        LogFailed(fault, name, message.Id, attempts, options.MaxAttempts);
        if (attempts < options.MaxAttempts)
        {
            Count((broker.CountsFailures ? link.Abandon(message) : link.Release(message)) ? "released" : "unsettled");
            return;
        }

        var body = message.Body is { } all ? all[..Math.Min(all.Length, _mostBytes)] : ReadOnlyMemory<byte>.Empty;
        var aside = bodies.Kept(routes.For(message.Subject), body, $"It failed {attempts} times, the last time with {fault.GetType().Name}.", time.GetUtcNow());
        await AgainUntilStoredAsync(() => KeepAsideAsync(new Content.Refused("intake.failed", aside, GapReason: null), stoppingToken), stoppingToken);
        _failed.Forget(message.Id);
        await RefuseAsync(link, message, "intake.failed", aside.Reason, stoppingToken);
    }

    private async Task RefuseAsync(BrokerLink link, BrokerMessage message, string reason, string description, CancellationToken cancellationToken)
    {
        LogRefused(name, message.Id, reason, description);
        Count(await link.RejectAsync(message, broker.Refuse(reason, description), cancellationToken) ? "rejected" : "unsettled");
    }

    private void Count(string outcome) => metrics.BrokerSettled(name, outcome);

    private abstract record Content
    {
        public sealed record Records(IReadOnlyList<ReceivedRecord> All) : Content;

        /// <param name="GapReason">Where something of it may be lost for good; null where all of it is kept.</param>
        public sealed record Refused(string Reason, UnreadableBody Aside, string? GapReason) : Content;
    }

    [LoggerMessage(1024, LogLevel.Error, "Broker {Broker}: the store cannot commit. Messages stay unsettled, and the broker keeps them, until it can. Check the disk.")]
    private partial void LogStoreAway(Exception exception, string broker);

    [LoggerMessage(1025, LogLevel.Warning, "Broker {Broker}: message {Message} was refused, {Reason}: {Description} It is kept in unreadable_bodies, and in the broker where a dead-letter queue is set up.")]
    private partial void LogRefused(string broker, string? message, string reason, string description);

    [LoggerMessage(1026, LogLevel.Error, "Broker {Broker}: message {Message} failed by itself, attempt {Attempt} of {MaxAttempts}.")]
    private partial void LogFailed(Exception exception, string broker, string? message, int attempt, int maxAttempts);
}
