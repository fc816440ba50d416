using Adapter.Contracts.Admin;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery;

/// <summary>Destinations in the settings, by name: <c>Destinations:{name}</c>. They seed the store once; from then on the store counts.</summary>
internal sealed class DestinationSeeds
{
    public Dictionary<string, DestinationSeed> Destinations { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">A seed is incomplete; the validator has refused it before.</exception>
    public IReadOnlyList<Destination> All() => [.. Destinations.Select(seed => seed.Value.ToDestination(seed.Key))];
}

/// <summary>A destination as settings write it; see <see cref="Destination"/> for what each value means.</summary>
internal sealed class DestinationSeed
{
    public Uri? Endpoint { get; set; }

    public SoapVersion Soap { get; set; } = SoapVersion.Soap11;

    public string Action { get; set; } = "";

    public string? Document { get; set; }

    public IList<string> Subscribes { get; init; } = [];

    public bool ReceivesUnboundLocks { get; set; }

    public bool Idempotent { get; set; }

    public InquirySeed? Inquiry { get; set; }

    public ReplySeed? Reply { get; set; }

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public int MaxAttempts { get; set; } = 8;

    public int Concurrency { get; set; } = 8;

    public Destination ToDestination(string name) => new()
    {
        Name = name,
        Endpoint = Endpoint!,
        Soap = Soap,
        Action = Action,
        Document = Document!,
        Subscribes = Subscribes.Count == 0 ? ["*"] : [.. Subscribes],
        ReceivesUnboundLocks = ReceivesUnboundLocks,
        Idempotent = Idempotent,
        Inquiry = Inquiry is { } i ? new Inquiry(i.Action, i.Request, i.RequestId, i.Reply, i.ReplyId, i.ReplyCode, [.. i.Known], [.. i.Unknown]) : null,
        Reply = new ReplyRule(Reply!.Root, Reply.Id, Reply.Code, Reply.Text, [.. Reply.Accepted], [.. Reply.Duplicate], [.. Reply.Rejected]),
        ConnectTimeout = ConnectTimeout,
        AttemptTimeout = AttemptTimeout,
        MaxAttempts = MaxAttempts,
        Concurrency = Concurrency,
    };
}

internal sealed class ReplySeed
{
    public string Root { get; set; } = "";

    public string Id { get; set; } = "";

    public string Code { get; set; } = "";

    public string? Text { get; set; }

    public IList<string> Accepted { get; init; } = [];

    public IList<string> Duplicate { get; init; } = [];

    public IList<string> Rejected { get; init; } = [];
}

internal sealed class InquirySeed
{
    public string Action { get; set; } = "";

    public string Request { get; set; } = "";

    public string RequestId { get; set; } = "";

    public string Reply { get; set; } = "";

    public string ReplyId { get; set; } = "";

    public string ReplyCode { get; set; } = "";

    public IList<string> Known { get; init; } = [];

    public IList<string> Unknown { get; init; } = [];
}

/// <summary>All errors of all seeds at once, each with the setting's name and the remedy.</summary>
internal sealed class DestinationSeedsValidator : IValidateOptions<DestinationSeeds>
{
    public ValidateOptionsResult Validate(string? name, DestinationSeeds options)
    {
        var errors = options.Destinations.SelectMany(d => Check($"Destinations:{d.Key}", d.Key, d.Value)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(string setting, string name, DestinationSeed seed)
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
