using Adapter.Host.Brokers;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery.DeadLetters;

/// <summary>Where dead letters are told. Bound from <c>DeadLetters</c>; without <see cref="BrokerSettings.Queue"/> nothing is told.</summary>
internal sealed class DeadLetterOptions : BrokerSettings
{
    /// <summary>What the events name as their source, a URI or a path. Default <c>/customstransit</c>; give each installation its own.</summary>
    public string Source { get; set; } = "/customstransit";

    public bool IsOn => Queue is not null || Connection is not null;
}

internal sealed class DeadLetterOptionsValidator : IValidateOptions<DeadLetterOptions>
{
    public ValidateOptionsResult Validate(string? name, DeadLetterOptions options)
    {
        var errors = options.IsOn ? BrokerSettingsRules.Check(options).Select(error => $"DeadLetters{error}").ToList() : [];
        if (!Uri.TryCreate(options.Source, UriKind.RelativeOrAbsolute, out _) || options.Source.Length == 0)
        {
            errors.Add($"DeadLetters:Source: '{options.Source}' is no URI and no path.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
