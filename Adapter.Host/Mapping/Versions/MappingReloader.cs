using Adapter.Mappings.Documents;

namespace Adapter.Host.Mapping.Versions;

/// <summary>Puts the documents that ship into the store before anything is processed, and follows what is published, on whichever node.</summary>
internal sealed partial class MappingReloader(IMappingStore store, LiveDocuments documents, TimeProvider time, ILogger<MappingReloader> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.SeedAsync([.. BuiltInDocuments.Ids.Select(id => new ShippedMapping(id, BuiltInDocuments.Text(id), BuiltInDocuments.Files(id)))], cancellationToken);
        await ReloadAsync(cancellationToken);
    }

    /// <summary>Takes over what is live now; called right after a publication, so that this node need not wait for its own look.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var (live, generation) = await store.LiveAsync(cancellationToken);
            foreach (var (version, problem) in documents.Replace(live, await store.TargetsAsync(cancellationToken), generation))
            {
                LogBroken(version.Document, version.Version, problem);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What is in force, read again first where the store has gone on: on another node, or by a command.</summary>
    public async Task<LiveDocuments> FreshAsync(CancellationToken cancellationToken)
    {
        if (await store.GenerationAsync(cancellationToken) != documents.Generation)
        {
            await ReloadAsync(cancellationToken);
        }

        return documents;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FreshAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // What is live here stays live; the next look may succeed.
                LogNotRead(exception);
            }
        }
    }

    [LoggerMessage(5001, LogLevel.Error, "Mapping document {Document} version {Version} is live and does not compile: {Problem} Its messages stay unmapped until another version is published.")]
    private partial void LogBroken(string document, int version, string problem);

    [LoggerMessage(5002, LogLevel.Warning, "The live mapping documents could not be read again; those in force stay.")]
    private partial void LogNotRead(Exception exception);
}
