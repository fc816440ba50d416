using System.Globalization;
using System.Text;
using Adapter.Conformance;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Adapter.Integration.Tests.Stores;

/// <summary>Days that begin while the host runs, days that nobody made partitions for, reports of days long past or to come, and days that are dropped.</summary>
/// <remarks>The day changes behind the store's back: in its search path a function of ours comes before the database's own clock.</remarks>
[Trait("needs", "postgres")]
public sealed class PostgresPartitionTests : IAsyncLifetime
{
    private const string OwnClock =
        """
        CREATE TABLE shift (days bigint NOT NULL, per_call bigint NOT NULL);
        INSERT INTO shift VALUES (0, 0);
        CREATE SEQUENCE calls;
        GRANT ALL ON shift, calls TO PUBLIC;
        CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
            AS 'SELECT pg_catalog.clock_timestamp() + (SELECT days + per_call * ((nextval(''public.calls'') - 1) / 2) FROM public.shift) * interval ''1 day''';
        ALTER FUNCTION make_partitions(text) SET search_path = public, pg_catalog
        """;

    private readonly PostgresStore _store = new(settings: ";Options=-c search_path=public,pg_catalog", prepared: OwnClock);
    private long _number;
    private long _before;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _before = await DaysAsync("journal");

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_partitions_of_a_day_are_there_before_it_begins_for_as_long_as_the_host_runs()
    {
        var time = new FakeTimeProvider();
        using var partitions = new PostgresPartitions(_store.Database, time, NullLogger<PostgresPartitions>.Instance);
        await partitions.StartAsync(Cancel);

        for (var day = 1; day <= 10; day++)
        {
            await OnDayAsync(day);
            var made = day;
            await Eventually.GetAsync(() => NextAsync(time), count => count == _before + made);
            await AppendAsync(Report(TimeProvider.System.GetUtcNow().AddDays(day)), Batch.Act(_store.Clock.GetUtcNow()));
        }

        await partitions.StopAsync(Cancel);
        (await _store.RowsAsync("journal"), await _store.RowsAsync("journal_rest"), await _store.RowsAsync("record_keys_rest")).ShouldBe((20, 0, 0));
        (await DaysAsync("record_keys")).ShouldBe(_before + 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_batch_in_which_the_day_changes_lies_in_both_days_and_stays_in_its_order(int days)
    {
        await _store.RunAsync(FormattableString.Invariant($"UPDATE shift SET per_call = {days}; SELECT setval('calls', 1, false)"));
        ReceivedRecord[] batch = [Report(), Report(), Report(), Report()];

        var positions = await AppendAsync(batch);

        positions.ShouldBe(positions.Order());
        positions.GroupBy(position => position / 1_000_000_000_000).Select(day => day.Count()).ShouldBe([2, 2]);
        (await _store.RowsAsync("journal_rest")).ShouldBe(0);
        var claimed = await _store.Processing.ClaimAsync(10, Cancel);
        claimed.Select(entry => Encoding.UTF8.GetString(entry.Body.Span)).ShouldBe(batch.Select(record => Encoding.UTF8.GetString(record.Body.Span)));
        await _store.Processing.SaveAsync(Batch.Of(claimed), Cancel);
        (await _store.Journal.CountAsync(Cancel)).Waiting.ShouldBe(0);
        (await _store.Journal.AppendAsync(batch, Cancel)).ShouldBe(positions.Select(position => new AppendResult.Duplicate(position)));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(30, false)]
    public async Task A_day_without_a_partition_is_kept_in_the_one_for_the_rest(int day, bool made)
    {
        await OnDayAsync(day);
        var record = Report();

        var position = (await AppendAsync(record)).ShouldHaveSingleItem();

        (await _store.RowsAsync("journal_rest")).ShouldBe(made ? 0 : 1);
        (await _store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem().Position.ShouldBe(position);
        (await _store.Journal.FindAsync(position, Cancel)).ShouldNotBeNull();
        (await _store.Journal.AppendAsync([record], Cancel)).ShouldBe([new AppendResult.Duplicate(position)]);
    }

    [Fact]
    public async Task A_day_that_began_without_a_partition_stays_where_it_is_and_the_next_days_get_theirs()
    {
        await OnDayAsync(30);
        var first = (await AppendAsync(Batch.Act(_store.Clock.GetUtcNow()))).Single();

        // As when a host starts that was away for a month.
        await _store.ReopenAsync();

        (await DaysAsync("journal")).ShouldBe(_before + 8, "all from yesterday to a week ahead but this one");
        var second = (await AppendAsync(Batch.Act(_store.Clock.GetUtcNow()))).Single();
        (await _store.RowsAsync("journal_rest")).ShouldBe(2);
        await OnDayAsync(31);
        var third = (await AppendAsync(Batch.Act(_store.Clock.GetUtcNow()))).Single();
        (await _store.RowsAsync("journal_rest")).ShouldBe(2);
        (await _store.Processing.ClaimAsync(10, Cancel)).Select(entry => entry.Position).ShouldBe([first, second, third]);
    }

    [Theory]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2024-02-29T12:00:00Z")]
    [InlineData("2099-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public async Task A_report_of_a_day_without_a_partition_is_kept_and_its_copy_is_known(string told)
    {
        var at = DateTimeOffset.Parse(told, CultureInfo.InvariantCulture);
        ReceivedRecord old = Report(at), today = Report();

        var positions = await AppendAsync(old, today);

        (await _store.Journal.AppendAsync([old, today], Cancel)).ShouldBe(positions.Select(position => new AppendResult.Duplicate(position)));
        (await _store.RowsAsync("record_keys_rest"), await _store.RowsAsync("journal_rest")).ShouldBe((1, 0), "what it reports is of another day, and it came today");
    }

    [Fact]
    public async Task A_day_that_its_owner_drops_takes_its_entries_and_keys_with_it_and_nothing_else()
    {
        ReceivedRecord today = Report(), tomorrow = Report(TimeProvider.System.GetUtcNow().AddDays(1));
        var first = (await AppendAsync(today)).Single();
        await OnDayAsync(1);
        var second = (await AppendAsync(tomorrow)).Single();
        await _store.Processing.SaveAsync(Batch.Of(await _store.Processing.ClaimAsync(10, Cancel)), Cancel);

        PostgresFixture.Execute(_store.OwnerConnectionString, $"DROP TABLE journal_{Day(first)}; DROP TABLE record_keys_{Day(first)}");

        (await _store.Journal.FindAsync(first, Cancel)).ShouldBeNull();
        (await _store.Journal.FindAsync(second, Cancel)).ShouldNotBeNull();
        var again = await _store.Journal.AppendAsync([today, tomorrow], Cancel);
        again[0].ShouldBeOfType<AppendResult.Stored>("nobody remembers it");
        again[1].ShouldBe(new AppendResult.Duplicate(second));
    }

    /// <summary>As after a night's VACUUM ANALYZE: a plan made by such statistics reads the whole day for each report.</summary>
    [Fact]
    public async Task A_day_that_the_database_takes_for_empty_is_not_read_whole()
    {
        await _store.RunAsync("VACUUM ANALYZE");

        for (var batch = 0; batch < 20; batch++)
        {
            await AppendAsync(Report(), Report(), Report());
            await _store.Processing.SaveAsync(Batch.Of(await _store.Processing.ClaimAsync(10, Cancel)), Cancel);
        }

        // A connection tells what it did when it ends.
        await _store.ReopenAsync();
        const string Days = "FROM pg_stat_user_tables WHERE (relname LIKE 'journal\\_2%' OR relname LIKE 'record\\_keys\\_2%')";
        await Eventually.HoldsAsync(() => PostgresFixture.Scalar<decimal>(_store.ConnectionString, "SELECT coalesce(sum(idx_scan), 0) " + Days) >= 80, "the days are read by their indexes");
        PostgresFixture.Scalar<decimal>(_store.ConnectionString, "SELECT coalesce(sum(seq_tup_read), 0) " + Days).ShouldBe(0);
    }

    [Fact]
    public async Task Who_reads_for_long_keeps_partitions_from_being_made_and_nobody_else_waiting()
    {
        await DropLastDayAsync();
        var time = new FakeTimeProvider();
        using var log = new CapturedLog();
        using var loggers = new LoggerFactory([log]);
        await using var backup = new NpgsqlConnection(_store.ConnectionString);
        await backup.OpenAsync(Cancel);
        await using (var reads = await backup.BeginTransactionAsync(Cancel))
        {
            await using var command = new NpgsqlCommand("LOCK TABLE journal, record_keys IN ACCESS SHARE MODE", backup, reads);
            await command.ExecuteNonQueryAsync(Cancel);
            using var partitions = new PostgresPartitions(_store.Database, time, loggers.CreateLogger<PostgresPartitions>());
            await partitions.StartAsync(Cancel);
            await Eventually.HoldsAsync(() => log.Lines.Any(line => line.EventId == 2014), "nobody was told");

            await AppendAsync(Report());
            // A host that starts in the meantime starts.
            await _store.ReopenAsync();

            await partitions.StopAsync(Cancel);
        }

        using var later = new PostgresPartitions(_store.Database, time, loggers.CreateLogger<PostgresPartitions>());
        await later.StartAsync(Cancel);
        await Eventually.GetAsync(() => NextAsync(time), count => count == _before);
        await later.StopAsync(Cancel);
    }

    [Fact]
    public async Task Making_partitions_holds_no_table_while_it_waits_for_another_that_a_write_holds()
    {
        await DropLastDayAsync();

        await _store.Writer.WriteAsync(WriteUrgency.Intake, session =>
        {
            // A write meets the two tables in one order or the other.
            session.Execute("INSERT INTO record_keys (report_second, lock, route, content_hash, position) VALUES (1, '8022300001', 'alarm', 7, 4242)");
            using (var maker = _store.Database.Open())
            {
                Should.Throw<PostgresException>(() => PostgresPartitions.Make(maker)).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
            }

            session.Execute("INSERT INTO journal (position, kind, source, route, received_at, body) VALUES (4242, 'OperatorAct', 'test', 'nothing', 0, '')");
        }, Cancel);

        (await DaysAsync("journal"), await DaysAsync("record_keys")).ShouldBe((_before, _before - 1), "the journal's was made before");
        (await _store.RowsAsync("journal"), await _store.RowsAsync("record_keys")).ShouldBe((1, 1));
    }

    private async Task<IReadOnlyList<long>> AppendAsync(params ReceivedRecord[] records) =>
        [.. (await _store.Journal.AppendAsync(records, Cancel)).Select(result => result.ShouldBeOfType<AppendResult.Stored>().Position)];

    /// <summary>So many days after the real one.</summary>
    private Task OnDayAsync(int day) => _store.RunAsync(FormattableString.Invariant($"UPDATE shift SET days = {day}"));

    /// <summary>A service may not have begun to wait when its start returns, so its time is let pass as often as it takes.</summary>
    private Task<long> NextAsync(FakeTimeProvider time)
    {
        time.Advance(PostgresPartitions.Every);
        return DaysAsync("journal");
    }

    /// <returns>Partitions of a table, the one for the rest among them.</returns>
    private Task<long> DaysAsync(string table) => _store.RowsAsync($"pg_inherits WHERE inhparent = '{table}'::regclass");

    private Task DropLastDayAsync() => _store.RunAsync(
        """
        DO $$ BEGIN
            EXECUTE (SELECT 'DROP TABLE ' || string_agg(last, ', ') FROM (
                SELECT max(inhrelid::regclass::text) AS last FROM pg_inherits WHERE inhparent IN ('journal'::regclass, 'record_keys'::regclass) AND inhrelid::regclass::text NOT LIKE '%rest' GROUP BY inhparent) days);
        END $$
        """);

    /// <summary>The day of a position, as partitions are named.</summary>
    private static string Day(long position) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(position / 1_000_000_000_000).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private ReceivedRecord Report(DateTimeOffset? told = null)
    {
        var number = ++_number;
        return new ReceivedRecord(
            EntryKind.Telemetry, "cloud", "location", _store.Clock.GetUtcNow(), Encoding.UTF8.GetBytes($"report {number}"), [],
            new RecordIdentity((told ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds(), LockId.Parse("8022300001"), ReportRoute.Location, number, "cloud", SourceId: null, 0), Quarantine: null);
    }
}
