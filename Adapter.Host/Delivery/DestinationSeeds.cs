using Adapter.Contracts.Admin;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery;

/// <summary>Destinations in the settings, by name: <c>Destinations:{name}</c>. They seed the store once; from then on the store counts.</summary>
internal sealed class DestinationSeeds : Dictionary<string, Destination>
{
    /// <summary>The name is the key, so it need not be repeated inside.</summary>
    public IReadOnlyList<Destination> All() => [.. this.Select(seed => seed.Value with { Name = seed.Key, Subscribes = Listed(seed.Value.Subscribes) })];

    /// <summary>Configuration adds to a default list instead of replacing it, so a list of kinds would still begin with "all of them".</summary>
    private static IReadOnlyList<string> Listed(IReadOnlyList<string> kinds) => kinds is ["*", _, ..] ? [.. kinds.Skip(1)] : kinds;
}

/// <summary>All errors of all seeds at once, each with the setting's name and the remedy.</summary>
internal sealed class DestinationSeedsValidator : IValidateOptions<DestinationSeeds>
{
    public ValidateOptionsResult Validate(string? name, DestinationSeeds options)
    {
        var errors = options.SelectMany(d => DestinationRules.Check($"Destinations:{d.Key}", d.Key, d.Value)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>Puts the destinations of the settings into the store before anything is processed.</summary>
internal sealed class DestinationSeeder(IDestinationStore destinations, IOptions<DestinationSeeds> seeds) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => destinations.SeedAsync(seeds.Value.All(), cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
