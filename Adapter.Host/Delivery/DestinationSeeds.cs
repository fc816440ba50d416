using Adapter.Contracts.Admin;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery;

/// <summary>Destinations in the settings, by name: <c>Destinations:{name}</c>. They seed the store once; from then on the store counts.</summary>
internal sealed class DestinationSeeds : Dictionary<string, Destination>
{
    /// <summary>The name is the key, so it need not be repeated inside.</summary>
    public IReadOnlyList<Destination> All() => [.. this.Select(seed => seed.Value with { Name = seed.Key })];
}

/// <summary>All errors of all seeds at once, each with the setting's name and the remedy.</summary>
internal sealed class DestinationSeedsValidator : IValidateOptions<DestinationSeeds>
{
    public ValidateOptionsResult Validate(string? name, DestinationSeeds options)
    {
        var errors = options.SelectMany(d => Check($"Destinations:{d.Key}", d.Key, d.Value)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(string setting, string name, Destination seed)
    {
        if (name.Length is < 1 or > 35 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return $"{setting}: a name has 1 to 35 letters, digits and hyphens.";
        }

        if (seed.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{setting}:Endpoint: give the absolute http or https address of the SOAP endpoint.";
        }

        if (string.IsNullOrWhiteSpace(seed.Document))
        {
            yield return $"{setting}:Document: name the mapping document that makes its messages.";
        }

        if (seed.Reply is not { Root.Length: > 0, Id.Length: > 0, Code.Length: > 0, Accepted.Count: > 0 })
        {
            yield return $"{setting}:Reply: give Root, Id, Code and at least one Accepted code; without them no answer can be judged.";
        }

        if (seed.Inquiry is { } inquiry && (inquiry.Known.Count == 0 || inquiry.Unknown.Count == 0
            || new[] { inquiry.Request, inquiry.RequestId, inquiry.Reply, inquiry.ReplyId, inquiry.ReplyCode }.Any(string.IsNullOrEmpty)))
        {
            yield return $"{setting}:Inquiry: give Request, RequestId, Reply, ReplyId, ReplyCode and at least one code each in Known and Unknown.";
        }

        if (seed.MaxAttempts is < 1 or > 100 || seed.Concurrency is < 1 or > 256)
        {
            yield return $"{setting}: MaxAttempts lies between 1 and 100, Concurrency between 1 and 256.";
        }

        if (seed.ConnectTimeout < TimeSpan.FromMilliseconds(100) || seed.AttemptTimeout < seed.ConnectTimeout || seed.AttemptTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{setting}: ConnectTimeout is at least 100 ms, AttemptTimeout at least ConnectTimeout and at most 5 minutes.";
        }
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
