using Adapter.Host.Rehearsal.Neighbours;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Two adapters, two countries, one journey.</summary>
public sealed class TwoCountriesTests
{
    [Fact]
    public async Task A_journey_is_handed_over_through_an_outage_and_duplicates_without_loss()
    {
        var folder = Directory.CreateTempSubdirectory("countries-");
        try
        {
            var told = new List<string>();

            var problems = await NeighbourRun.PlayAsync(folder.FullName, told.Add, TimeProvider.System, TestContext.Current.CancellationToken);

            problems.ShouldBeEmpty();
            told[^1].ShouldBe("Kenya closed the movement.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
