using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.Rehearsal;

/// <summary>The demo as the README has it run.</summary>
public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_demo_delivers_to_twins_that_run_elsewhere()
    {
        var folder = Directory.CreateTempSubdirectory("demo-");
        await using (var twins = await TwinHost.StartAsync(Adapter.Host.Rehearsal.TwinStage.Settings(Path.Combine(folder.FullName, "received"), port: 0), TestContext.Current.CancellationToken))
        {
            var (code, output) = await HostProcess.RunAsync(
                "demo", "--once", "--pace", "0", "--store", Path.Combine(folder.FullName, "demo"), "--twins", twins.Address.ToString());

            code.ShouldBe(0, output);
            foreach (var twin in TwinName.All)
            {
                var stories = DemoStory.All().ToDictionary(story => story.Mrn ?? "", story => story.KindsFor(twin));
                HistoryChecker.Check(twin, HistoryChecker.Read(Path.Combine(folder.FullName, "received", twin + ".jsonl")), stories).ShouldBeEmpty();
            }
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    [Trait("needs", "postgres")]
    public async Task The_demo_runs_on_PostgreSQL()
    {
        var database = PostgresFixture.Shared.MakeDatabase();

        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--pace", "0", "--storage", "postgres", "--connection", database);

        code.ShouldBe(0, output);
        PostgresFixture.Scalar<long>(database, "SELECT count(*) FROM messages WHERE state = 'delivered'").ShouldBeGreaterThanOrEqualTo(15);
        PostgresFixture.Shared.DropDatabase(database);
    }

    [Fact]
    public async Task A_store_without_its_connection_is_refused_in_words()
    {
        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--storage", "postgres");

        code.ShouldBe(1);
        output.ShouldContain("--connection");
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused_in_words()
    {
        var (code, output) = await HostProcess.RunAsync("demo", "--once", "--twins", "5090");

        code.ShouldBe(1);
        output.ShouldContain("'5090' is no address");
        output.ShouldNotContain("Unhandled");
    }
}
