using Adapter.Host.Storage;

namespace Adapter.Integration.Tests.Stores;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly SqliteStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await WriteAsync(session => session.Execute("CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT"));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Writes_that_wait_at_the_same_time_share_commits()
    {
        var before = _store.Commits.Count;
        var (gate, held) = Hold();
        var writes = Enumerable.Range(0, 200).Select(n => InsertAsync($"note {n}")).ToList();

        gate.Set();
        await Task.WhenAll([held, .. writes]);

        var sizes = _store.Commits.Skip(before).ToList();
        sizes.Sum().ShouldBe(201);
        sizes.Count.ShouldBeLessThan(50, $"commits of {string.Join(", ", sizes)}");
        (await _store.RowsAsync("notes")).ShouldBe(200);
    }

    [Fact]
    public async Task A_write_has_ended_only_when_others_can_see_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            await InsertAsync($"note {n}");
            using var session = _store.Database.OpenForReading();
            session.Scalar<string>("SELECT text FROM notes WHERE text = ?1", $"note {n}").ShouldNotBeNull();
        }));
    }

    [Fact]
    public async Task A_write_that_fails_is_undone_alone()
    {
        var (gate, held) = Hold();
        var good = InsertAsync("good");
        var half = WriteAsync(session =>
        {
            session.Execute("INSERT INTO notes (text) VALUES ('half')");
            throw new FormatException("not this one");
        });
        var doubled = WriteAsync(session =>
        {
            session.Execute("INSERT INTO notes (text) VALUES ('first of two')");
            session.Execute("INSERT INTO notes (text) VALUES ('good')");
        });
        var last = InsertAsync("last");

        gate.Set();
        await Task.WhenAll(held, good, last);

        (await Should.ThrowAsync<FormatException>(half)).Message.ShouldBe("not this one");
        (await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(doubled)).SqliteErrorCode.ShouldBe(19);
        (await NotesAsync()).ShouldBe(["good", "last"]);
    }

    [Fact]
    public async Task Intake_and_other_writes_take_turns_so_that_neither_starves_the_other()
    {
        var order = new List<string>();
        var (gate, held) = Hold();
        var ordinary = Enumerable.Range(0, 3).Select(n => WriteAsync(_ => order.Add("ordinary"))).ToList();
        var intake = Enumerable.Range(0, 3).Select(n => _store.Writer.WriteAsync(WriteUrgency.Intake, _ => order.Add("intake"), Cancel)).ToList();

        gate.Set();
        await Task.WhenAll([held, .. ordinary, .. intake]);

        order.Zip(order.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
        order.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_full_disk_undoes_everything_and_everybody_is_told_and_space_heals_it()
    {
        var before = await _store.RowsAsync("notes");
        var (gate, held) = Hold(session => session.Execute("PRAGMA max_page_count = 1"));   // SQLite takes the present size instead: not one page more
        var writes = Enumerable.Range(0, 20).Select(n => InsertAsync($"{n} {new string('x', 100_000)}")).ToList();

        gate.Set();
        var first = await Record.ExceptionAsync(() => held);
        foreach (var write in writes)
        {
            var told = await Should.ThrowAsync<StoreUnavailableException>(write);
            told.Message.ShouldContain("may be tried again");
        }

        // The first write may have had a commit of its own, or shared the one that failed.
        (first is null or StoreUnavailableException).ShouldBeTrue();
        (await _store.RowsAsync("notes")).ShouldBe(before);

        await WriteAsync(session => session.Execute("PRAGMA max_page_count = 1073741823"));
        await InsertAsync($"there is room {new string('x', 100_000)}");
        (await _store.RowsAsync("notes")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_it_waits_for_a_place_has_written_nothing()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => _store.Writer.WriteAsync(WriteUrgency.Intake, session => session.Execute("INSERT INTO notes (text) VALUES ('gone')"), gone.Token));

        await InsertAsync("next");
        (await NotesAsync()).ShouldBe(["next"]);
    }

    [Fact]
    public async Task What_waits_when_the_host_stops_is_still_written_and_later_writes_are_refused()
    {
        var (gate, held) = Hold();
        var writes = Enumerable.Range(0, 50).Select(n => InsertAsync($"note {n}")).ToList();
        var closing = _store.CloseAsync();

        gate.Set();
        await closing;
        await Task.WhenAll([held, .. writes]);

        (await Should.ThrowAsync<StoreUnavailableException>(() => InsertAsync("too late"))).Message.ShouldContain("stopping");
        (await _store.RowsAsync("notes")).ShouldBe(50);
        _store.Open();
    }

    [Fact]
    public async Task Writers_that_meet_a_stopping_host_are_told_of_a_refusal_or_of_a_commit()
    {
        // The moment at which a writer and the stop meet is a matter of luck, so it is tried often.
        for (var round = 0; round < 40; round++)
        {
            var (name, before) = (round, await _store.RowsAsync("notes"));
            var writes = Enumerable.Range(0, 50).Select(n => Task.Run(() => InsertAsync($"note {name} {n}"), Cancel)).ToList();

            await _store.CloseAsync();

            var failures = await Task.WhenAll(writes.Select(write => Record.ExceptionAsync(() => write).AsTask()));
            failures.Where(f => f is not null).ShouldAllBe(f => f is StoreUnavailableException);
            (await _store.RowsAsync("notes") - before).ShouldBe(failures.Count(f => f is null));
            _store.Open();
        }
    }

    [Fact]
    public async Task Migrations_are_applied_once()
    {
        var applied = await _store.RowsAsync("migrations");
        applied.ShouldBeGreaterThan(0);

        await _store.ReopenAsync();

        (await _store.RowsAsync("migrations")).ShouldBe(applied);
    }

    [Fact]
    public async Task The_database_of_a_newer_program_is_left_alone()
    {
        await _store.RunAsync("INSERT INTO migrations (number, name, applied_at) VALUES (9999, '9999_future.sql', 0)");
        await _store.CloseAsync();

        var refusal = Should.Throw<InvalidOperationException>(_store.Open);

        refusal.Message.ShouldContain("9999");
        refusal.Message.ShouldContain("newer program");
        await _store.RunAsync("DELETE FROM migrations WHERE number = 9999");
        _store.Open();
    }

    [Fact]
    public async Task The_file_is_for_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are Unix's.");
        await InsertAsync("secret");

#pragma warning disable CA1416 // Skipped above.
        File.GetUnixFileMode(_store.Database.File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
    }

    /// <summary>A first write that keeps the writer busy until the gate opens, so that others queue behind it.</summary>
    private (ManualResetEventSlim Gate, Task Held) Hold(Action<StoreSession>? first = null)
    {
        var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var held = WriteAsync(session =>
        {
            first?.Invoke(session);
            begun.Set();
            gate.Wait(Cancel);
        });
        begun.Wait(Cancel);
        return (gate, held);
    }

    private Task WriteAsync(Action<StoreSession> work) => _store.Writer.WriteAsync(WriteUrgency.Ordinary, work, Cancel);

    private Task InsertAsync(string text) => WriteAsync(session => session.Execute("INSERT INTO notes (text) VALUES (?1)", text));

    private async Task<List<string>> NotesAsync()
    {
        using var session = _store.Database.OpenForReading();
        return await Task.FromResult(session.Query("SELECT text FROM notes ORDER BY text", row => row.GetString(0)));
    }
}
