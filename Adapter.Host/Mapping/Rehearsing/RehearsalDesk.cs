using System.Text.Json.Serialization;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Storage;
using Adapter.Mappings.Engine;

namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>Rehearsals under way and the last ones that ended. One runs at a time: it takes a processor for itself.</summary>
internal sealed class RehearsalDesk(DraftRehearsal rehearsal, IMappingStore store, LiveDocuments documents) : IAsyncDisposable
{
    private const int MostKept = 20;

    private readonly Lock _gate = new();
    private readonly List<Running> _all = [];

    /// <returns>Null while another runs.</returns>
    public RehearsalView? Start(MappingVersion version, CompiledMapping draft, TrafficStretch stretch, IReadOnlyList<string> masks, Actor actor)
    {
        Running running;
        lock (_gate)
        {
            if (_all.Exists(r => r.State == RehearsalState.Running))
            {
                return null;
            }

            running = new Running(Guid.NewGuid().ToString("N"), version);
            _all.Add(running);
            if (_all.Count > MostKept)
            {
                _all[0].Dispose();
                _all.RemoveAt(0);
            }
        }

        running.Work = Task.Run(() => RunAsync(running, draft, stretch, masks, actor), CancellationToken.None);
        return running.View();
    }

    public RehearsalView? Find(string id) => Of(id)?.View();

    /// <summary>Ends a rehearsal early; what it counted until then is dropped.</summary>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> CancelAsync(string id)
    {
        if (Of(id) is not { } running)
        {
            return false;
        }

        await running.EndAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _all)
        {
            await running.EndAsync();
            running.Dispose();
        }
    }

    private Running? Of(string id)
    {
        lock (_gate)
        {
            return _all.Find(r => r.Id == id);
        }
    }

    private async Task RunAsync(Running running, CompiledMapping draft, TrafficStretch stretch, IReadOnlyList<string> masks, Actor actor)
    {
        try
        {
            var version = running.Version;
            var report = await rehearsal.RunAsync(draft, documents.Find(version.Document), stretch, masks, running.Progress, running.Token);
            running.Note = await store.RehearsedAsync(version.Document, version.Version, version.Revision, report.Summary(), actor, running.Token) switch
            {
                MappingMove.Done => null,
                MappingMove.Changed => "The version was changed meanwhile, so the rehearsal does not count for it.",
                MappingMove.NotPossible no => $"The rehearsal does not count: {no.Why}",
                _ => "The version is not there any more.",
            };
            running.End(RehearsalState.Done, report);
        }
        catch (OperationCanceledException)
        {
            running.End(RehearsalState.Cancelled, null);
        }
        catch (Exception exception)
        {
            // Told to whoever asked for it; a rehearsal must not take anything else with it.
            running.Note = exception.Message;
            running.End(RehearsalState.Failed, null);
        }
    }

    private sealed class Running(string id, MappingVersion version) : IDisposable
    {
        private readonly CancellationTokenSource _cancel = new();
        private (long Done, long Total) _progress;
        private volatile RehearsalReport? _report;
        private volatile int _state;

        public string Id { get; } = id;

        public MappingVersion Version { get; } = version;

        public CancellationToken Token => _cancel.Token;

        public RehearsalState State => (RehearsalState)_state;

        public string? Note { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;

        public void Progress(long done, long total)
        {
            lock (_cancel)
            {
                _progress = (done, total);
            }
        }

        public void End(RehearsalState state, RehearsalReport? report)
        {
            _report = report;
            _state = (int)state;
        }

        public async Task EndAsync()
        {
            await _cancel.CancelAsync();
            await Work;
        }

        public RehearsalView View()
        {
            lock (_cancel)
            {
                return new RehearsalView(Id, Version.Document, Version.Version, State, _progress.Done, _progress.Total, Note, _report);
            }
        }

        public void Dispose() => _cancel.Dispose();
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<RehearsalState>))]
internal enum RehearsalState
{
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <param name="Done">Messages rehearsed so far, of <paramref name="Total"/>.</param>
/// <param name="Report">There once it is done.</param>
internal sealed record RehearsalView(string Id, string Document, int Version, RehearsalState State, long Done, long Total, string? Note, RehearsalReport? Report);
