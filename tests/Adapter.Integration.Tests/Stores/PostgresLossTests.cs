using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Adapter.Integration.Tests.Stores;

/// <summary>Connections that break, hosts that take over, and a role that may do no more than it needs.</summary>
[Trait("needs", "postgres")]
public sealed class PostgresLossTests : IAsyncLifetime
{
    private readonly PostgresStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.RunAsync("CREATE TABLE notes (text TEXT PRIMARY KEY); GRANT ALL ON notes TO PUBLIC");

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_connection_that_broke_between_two_writes_is_made_again_unnoticed()
    {
        await InsertAsync("before");
        await EndConnectionsAsync();

        await InsertAsync("after");

        (await _store.RowsAsync("notes")).ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_a_write_undoes_it_and_says_so()
    {
        await Should.ThrowAsync<StoreUnavailableException>(() => _store.Writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            session.Execute("INSERT INTO notes (text) VALUES ('lost')");
            _store.RunAsync(EndWriter).GetAwaiter().GetResult();
            session.Execute("INSERT INTO notes (text) VALUES ('never')");
        }, Cancel));

        (await _store.RowsAsync("notes")).ShouldBe(0);
        await InsertAsync("after");
    }

    [Fact]
    public async Task Of_a_commit_in_which_the_connection_breaks_the_database_is_asked()
    {
        // The backend ends in the commit itself, before it has committed.
        await _store.RunAsync("""
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.text = 'dies') EXECUTE FUNCTION die();
            """);

        (await Should.ThrowAsync<StoreUnavailableException>(() => InsertAsync("dies"))).Message.ShouldContain("Nothing was kept");

        (await _store.RowsAsync("notes")).ShouldBe(0);
        await InsertAsync("after");
    }

    [Fact]
    public async Task A_write_that_breaks_a_rule_is_undone_alone()
    {
        await InsertAsync("one");

        await Should.ThrowAsync<PostgresException>(() => InsertAsync("one"));
        await Task.WhenAll(InsertAsync("two"), InsertAsync("three"));

        (await _store.RowsAsync("notes")).ShouldBe(3);
    }

    [Fact]
    public async Task A_text_too_long_for_its_index_fails_alone()
    {
        var gate = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var writes = new[] { "one", TooLong(), "two" }.Select(InsertAsync).ToList();
        gate.Set();
        await held;

        var failures = await Task.WhenAll(writes.Select(write => Record.ExceptionAsync(() => write).AsTask()));

        failures.Select(failure => (failure as PostgresException)?.SqlState).ShouldBe([null, "54000", null]);
        (await _store.RowsAsync("notes")).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_left_for_later_fails_with_its_own_write_and_is_undone_with_it()
    {
        var gate = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var failsAtTheEnd = _store.Writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            session.Later("INSERT INTO notes (text) VALUES (?1)", "undone");
            session.Later("INSERT INTO notes (text) VALUES (?1)", "undone");
        }, Cancel);
        var failsBefore = _store.Writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            session.Later("INSERT INTO notes (text) VALUES (NULL)");
            throw new FormatException("not this one");
        }, Cancel);
        var counts = _store.Writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            session.Later("INSERT INTO notes (text) VALUES ('a'), ('b'), ('c')");
            return session.Execute("UPDATE notes SET text = 'd' WHERE text = 'c'");
        }, Cancel);
        gate.Set();
        await held;

        (await Should.ThrowAsync<PostgresException>(failsAtTheEnd)).SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        await Should.ThrowAsync<FormatException>(failsBefore);
        (await counts).ShouldBe(1, "what went with it is not counted");
        PostgresFixture.Scalar<string>(_store.ConnectionString, "SELECT string_agg(text, '' ORDER BY text) FROM notes").ShouldBe("abd");
    }

    [Fact]
    public async Task Parts_that_are_merged_fail_alone()
    {
        var gate = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var parts = new[] { "a", "b", "a", TooLong(), "c" }.Select(text => _store.Writer.MergeAsync(WriteUrgency.Intake, text, 1, Work, Cancel)).ToList();
        gate.Set();
        await held;

        var failures = await Task.WhenAll(parts.Select(part => Record.ExceptionAsync(() => part).AsTask()));

        failures.Select(failure => failure is PostgresException).ShouldBe([false, false, true, true, false]);
        (await _store.RowsAsync("notes")).ShouldBe(3);

        static IReadOnlyList<int> Work(StoreSession session, IReadOnlyList<string> texts) =>
            [.. texts.Select(text => session.Execute("INSERT INTO notes (text) VALUES (?1)", text))];
    }

    [Fact]
    public async Task A_record_that_another_host_is_about_to_commit_is_waited_for_and_is_a_copy()
    {
        var now = _store.Clock.GetUtcNow();
        var record = new ReceivedRecord(
            EntryKind.Telemetry, "cloud", "alarm", now, "{}"u8.ToArray(), [],
            new RecordIdentity(now.ToUnixTimeSeconds(), LockId.Parse("8022300001"), ReportRoute.Alarm, 7, "cloud", "row-7", 0), Quarantine: null);
        await using var other = new NpgsqlConnection(_store.ConnectionString);
        await other.OpenAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await using (var insert = other.CreateCommand())
        {
            insert.CommandText = "INSERT INTO record_keys (report_second, lock, route, content_hash, position) VALUES ($1, '8022300001', 'alarm', 7, 4242)";
            insert.Parameters.Add(new NpgsqlParameter { Value = record.Identity!.ReportSecond });
            await insert.ExecuteNonQueryAsync(Cancel);
        }

        var appending = _store.Journal.AppendAsync([record], Cancel);
        await Eventually.HoldsAsync(
            () => PostgresFixture.Scalar<long>(_store.ConnectionString, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0,
            "the append did not meet the other host's key");
        await transaction.CommitAsync(Cancel);

        (await appending).ShouldBe([new AppendResult.Duplicate(4242)]);
        (await _store.RowsAsync("journal"), await _store.RowsAsync("source_ids"), await _store.RowsAsync("waiting_entries")).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_second_host_stands_by_and_a_host_whose_lease_was_taken_writes_nothing()
    {
        await _store.Lease.StartingAsync(Cancel);
        using var other = new PostgresLease(_store.Database, PostgresStore.NoDoor.Instance, _store.Lifetime, TimeProvider.System, NullLogger<PostgresLease>.Instance);
        using var gone = new CancellationTokenSource();
        var waiting = other.StartingAsync(gone.Token);
        await InsertAsync("the holder writes");
        waiting.IsCompleted.ShouldBeFalse();

        // It stands still until its lease has run out: the other ends its connection and counts up the epoch.
        await _store.RunAsync("UPDATE lease SET expires_at = '-infinity'");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await Should.ThrowAsync<StoreUnavailableException>(() => InsertAsync("too late"))).Message.ShouldContain("Another host has taken over");
        _store.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
        (await _store.RowsAsync("notes")).ShouldBe(1);
    }

    [Fact]
    public async Task Text_that_PostgreSQL_has_no_place_for_is_stored_with_a_mark()
    {
        await InsertAsync("a\0b\ud800c");

        PostgresFixture.Scalar<string>(_store.ConnectionString, "SELECT text FROM notes").ShouldBe("a\uFFFDb\uFFFDc");
    }

    [Fact]
    public void The_applications_role_works_with_rows_and_can_neither_change_the_layout_nor_what_is_only_added_to()
    {
        using var session = _store.Database.Open();
        PostgresPartitions.Make(session);
        session.Execute("INSERT INTO audit (at, actor, action, subject) VALUES (1, 'a', 'b', 'c')");
        session.Execute("DELETE FROM waiting_entries");

        string[] forbidden =
        [
            "UPDATE journal SET kind = ''", "DELETE FROM journal", "TRUNCATE journal", "DELETE FROM record_keys", "UPDATE source_ids SET fixed_hash = 0", "DELETE FROM audit", "UPDATE audit SET actor = ''",
            "DELETE FROM answers", "DELETE FROM destination_history", "DELETE FROM migrations", "INSERT INTO migrations (number, name, applied_at) VALUES (9999, '', 0)",
            "CREATE TABLE mine (a int)", "DROP TABLE lanes", "ALTER TABLE lanes ADD COLUMN mine int", "ALTER TABLE audit DISABLE TRIGGER ALL", "DROP FUNCTION make_partitions(text)", "DROP EXTENSION btree_gist",
            "CREATE INDEX mine ON lanes (state)", "TRUNCATE lanes", "ALTER DATABASE " + _store.DatabaseName + " SET synchronous_commit = off", "COPY notes TO PROGRAM 'true'",
        ];
        foreach (var statement in forbidden)
        {
            Should.Throw<PostgresException>(() => session.Execute(statement), statement).SqlState.ShouldBe("42501", statement);
        }
    }

    /// <summary>Random, because the database compresses what it indexes.</summary>
    private static string TooLong() => Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(10_000));

    private const string EndWriter = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'customstransit' AND state = 'idle in transaction'";

    private Task EndConnectionsAsync() =>
        _store.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'customstransit'");

    private Task<int> InsertAsync(string text) =>
        _store.Writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("INSERT INTO notes (text) VALUES (?1)", text), Cancel);
}
