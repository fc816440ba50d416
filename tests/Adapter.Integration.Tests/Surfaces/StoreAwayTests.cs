using System.Net;
using System.Text.Json;
using Npgsql;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What callers are told while the database cannot be reached.</summary>
[Trait("needs", "postgres")]
public sealed class StoreAwayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_for_a_database_that_is_not_there_is_an_error_in_one_line()
    {
        var (code, output) = await HostProcess.RunAsync(["key", "add", "alice", "--Storage:Provider=postgres", $"--Storage:ConnectionString={PostgresFixture.Shared.Address};Database=nowhere"]);

        (code, output.Trim().Split('\n').Length).ShouldBe((1, 1), output);
        output.ShouldContain("nowhere");
    }

    [Fact]
    public async Task A_caller_of_the_admin_API_is_asked_to_come_again()
    {
        var database = PostgresFixture.Shared.MakeDatabase();
        await using var relay = new CuttingRelay(new NpgsqlConnectionStringBuilder(database).Port);
        await using (var host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage:Provider"] = "postgres",
                ["Storage:ConnectionString"] = new NpgsqlConnectionStringBuilder(database) { Port = relay.Port }.ToString(),
            },
        }))
        {
            (await host.Customs.GetAsync(new Uri("/api/lanes", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await relay.DisposeAsync();

            using var read = await host.Customs.GetAsync(new Uri("/api/lanes", UriKind.Relative), Cancel);
            using var problem = JsonDocument.Parse(await read.Content.ReadAsStringAsync(Cancel));

            (read.StatusCode, problem.RootElement.GetProperty("title").GetString(), read.Headers.RetryAfter?.Delta)
                .ShouldBe((HttpStatusCode.ServiceUnavailable, "store.unavailable", TimeSpan.FromSeconds(5)));
        }

        PostgresFixture.Shared.DropDatabase(database);
    }
}
