using System.CommandLine;
using Adapter.Host.Rehearsal;

namespace Adapter.Host.Cli;

/// <summary><c>--storage</c> and <c>--connection</c> of the commands that bring a host of their own.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string> _storage = new("--storage") { Description = "sqlite (a file in the folder) or postgres (needs --connection).", DefaultValueFactory = _ => "sqlite" };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "With --storage postgres: connection string of an empty database, as Host=...;Database=...;Username=...;Passfile=...",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_storage);
        command.Options.Add(_connection);
        command.Validators.Add(result =>
        {
            // A default that nobody wrote is not among the values yet when validators run.
            var storage = result.GetValue(_storage) ?? "sqlite";
            if (storage is not ("sqlite" or "postgres"))
            {
                result.AddError($"--storage is sqlite or postgres, not '{storage}'.");
            }
            else if (storage == "postgres" == result.GetValue(_connection) is null)
            {
                result.AddError("--storage postgres and --connection belong together.");
            }
        });
    }

    /// <returns>Null for a file in the folder.</returns>
    public RehearsalStore? Read(ParseResult parsed) => parsed.GetValue(_connection) is { } connection ? new RehearsalStore("postgres", connection) : null;
}
