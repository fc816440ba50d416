using System.CommandLine;

namespace Adapter.Host.Cli;

/// <summary>An option that takes the address of a server.</summary>
internal static class AddressOption
{
    public static Option<Uri?> Create(string name, string description, string? otherwise = null)
    {
        var option = new Option<Uri?>(name)
        {
            Description = description,
            HelpName = "url",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                {
                    return address;
                }

                result.AddError($"{name}: '{result.Tokens[^1].Value}' is no address. Give one such as http://127.0.0.1:5090.");
                return null;
            },
        };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => new Uri(otherwise);
        }

        return option;
    }
}
