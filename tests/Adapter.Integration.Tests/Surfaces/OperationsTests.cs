using System.Net;
using System.Xml.Linq;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

public sealed class OperationsTests : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_host_that_works_says_so(string path)
    {
        (await GetAsync(path)).ShouldBe((HttpStatusCode.OK, "Healthy"));
    }

    [Fact]
    public async Task A_host_whose_store_takes_no_commit_lives_and_is_not_ready()
    {
        StoreSession writing = null!;
        await _host.Services.GetRequiredService<StoreWriter>().WriteAsync(
            WriteUrgency.Ordinary, session => (writing = session).Execute("PRAGMA query_only = 1"), Cancel);

        (await GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await GetAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);

        // Nobody writes now, and the writer itself could not begin a transaction for this.
        writing.Execute("PRAGMA query_only = 0");
        (await GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Figures_of_the_whole_flow_are_published()
    {
        // A process of its own: the page shows every meter of the process.
        await using var host = await HostProcess.ServeAsync(
            $"--Storage:ConnectionString=Data Source={_host.PathOf("own.db")}", $"--Ingest:Sources:jointcloud:Secrets:0=file:{_host.PathOf("first.secret")}");
        using var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Add(TestHost.SecretHeader, TestHost.Secret);
        using var content = new StringContent(JointReports.Position("8022300001", TimeProvider.System.GetUtcNow()));
        using var push = await client.PostAsync(new Uri(JointReports.Location, UriKind.Relative), content, Cancel);
        push.EnsureSuccessStatusCode();

        foreach (var name in new[]
        {
            "customstransit_intake_records", "customstransit_store_commit_writes", "customstransit_journal_processed", "customstransit_telemetry_lateness",
            "http_server_request_duration",
        })
        {
            await Eventually.GetAsync(() => client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel), text => text.Contains(name, StringComparison.Ordinal), text => $"{name} is not in\n{text}");
        }
    }

    [Fact]
    public async Task Every_schema_and_service_description_is_served_as_it_is()
    {
        SchemaCatalogue.Files.ShouldNotBeEmpty();
        foreach (var file in SchemaCatalogue.Files)
        {
            var (status, text) = await GetAsync($"/schemas/{file}");
            status.ShouldBe(HttpStatusCode.OK, file);
            text.ShouldBe(SchemaCatalogue.OpenText(file), file);
            if (!file.EndsWith(".json", StringComparison.Ordinal))
            {
                using var reader = XmlInput.CreateReader(System.Text.Encoding.UTF8.GetBytes(text));
                XDocument.Load(reader).Root.ShouldNotBeNull(file);
            }
        }
    }

    [Theory]
    [InlineData("/schemas/soap/none.xsd")]
    [InlineData("/schemas/soap/..%2f..%2fstore.db")]
    [InlineData("/schemas/%2e%2e/store.db")]
    public async Task Nothing_else_is_served(string path)
    {
        (await GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Settings_that_are_not_usable_end_the_program_with_all_reasons()
    {
        var (code, output) = await HostProcess.RunAsync(
            "serve", "--urls=http://127.0.0.1:0", $"--Storage:ConnectionString=Data Source={_host.PathOf("other.db")}",
            "--Ingest:MaxRecords=0", "--Destinations:x:Endpoint=ftp://x", "--Storage:Provider=oracle", "--DeadLetters:Queue=letters");

        code.ShouldBe(1);
        foreach (var setting in new[] { "Ingest:MaxRecords", "Destinations:x:Endpoint", "Destinations:x:Document", "Destinations:x:Reply", "Storage:Provider", "DeadLetters:Connection" })
        {
            output.ShouldContain(setting);
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var answer = await _host.Anonymous.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
