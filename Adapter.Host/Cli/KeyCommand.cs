using System.CommandLine;
using System.Data.Common;
using Adapter.Host.Admin;
using Adapter.Host.Storage;

namespace Adapter.Host.Cli;

/// <summary><c>key add</c>: makes a principal on the machine that holds the store. There is no default password; this is how the first key is made.</summary>
internal static class KeyCommand
{
    public static Command Create(Action<WebApplicationBuilder>? configure)
    {
        var name = new Argument<string>("name") { Description = "Name of the principal, as it will stand in the audit trail." };
        var roles = new Option<string[]>("--role")
        {
            Description = $"Role; may be given several times: {string.Join(", ", Roles.All)}. {Roles.Source}, alone, makes a key of the intake, {Roles.Caller}, alone, one of the SOAP services.",
            DefaultValueFactory = _ => [Roles.Administrator],
        };
        var add = new Command("add", "Makes a principal and prints its key, once.") { name, roles };
        add.TreatUnmatchedTokensAsErrors = false;
        add.SetAction(async (parsed, cancellationToken) =>
        {
            var (asked, granted) = (parsed.GetValue(name)!, parsed.GetValue(roles)!);
            if (PrincipalRules.Check(asked, granted) is { Count: > 0 } errors)
            {
                Console.Error.WriteLine(string.Join('\n', errors.SelectMany(e => e.Value)));
                return 1;
            }

            try
            {
                return await AddAsync(asked, granted, [.. parsed.UnmatchedTokens], configure, cancellationToken);
            }
            catch (Exception away) when (away is InvalidOperationException or IOException or DbException or StoreUnavailableException)
            {
                Console.Error.WriteLine(away.InnerException is null ? away.Message : $"{away.Message} {away.InnerException.Message}");
                return 1;
            }
        });
        return new Command("key", "Keys of the admin API and of sources.") { add };
    }

    private static async Task<int> AddAsync(string name, string[] roles, string[] args, Action<WebApplicationBuilder>? configure, CancellationToken cancellationToken)
    {
        await using var app = AdapterHost.Build(args, configure);
        if (await app.Services.GetRequiredService<IPrincipalStore>().AddAsync(name, roles, new Actor("command line"), cancellationToken) is not { } key)
        {
            Console.Error.WriteLine($"There is a principal {name} already. Disable it through the API and choose another name.");
            return 1;
        }

        Console.WriteLine(key);
        return 0;
    }
}
