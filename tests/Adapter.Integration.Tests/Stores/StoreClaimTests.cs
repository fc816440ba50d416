using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Integration.Tests.Stores;

public sealed class StoreClaimTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ct-claim-");

    [Fact]
    public async Task A_second_host_on_the_same_store_does_not_start_and_may_when_the_first_is_gone()
    {
        using var first = Claim();
        await first.StartingAsync(TestContext.Current.CancellationToken);
        using var second = Claim();

        (await Should.ThrowAsync<InvalidOperationException>(() => second.StartingAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldStartWith("Another host runs on ");
        await first.StoppedAsync(TestContext.Current.CancellationToken);

        await second.StartingAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private StoreClaim Claim() => new(new SqliteDatabase(Options.Create(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "ct.db")}" })));
}
