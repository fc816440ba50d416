using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Adapter.TestKit;

/// <summary>A PostgreSQL cluster of the tests' own on loopback, and databases in it.</summary>
/// <remarks>
/// The first test that needs it starts it, and it ends with the process; <see cref="Variable"/> names one that runs already. It syncs as it does in use, so that what a crash is to keep was written.
/// </remarks>
public sealed class PostgresFixture : IDisposable
{
    public const string Variable = "CUSTOMSTRANSIT_POSTGRES";

    private static readonly Lazy<PostgresFixture> Cluster = new(() => new PostgresFixture(Environment.GetEnvironmentVariable(Variable)));

    private readonly string? _folder;
    private readonly string _programs = "";
    private readonly bool _isRoot = Environment.UserName == "root";
    private int _databases;
    private readonly Lock _gate = new();
    private (string Application, string Owner)? _template;
    private bool _standsStill;

    /// <param name="running">Address of a cluster that runs already; without it one is started.</param>
    private PostgresFixture(string? running)
    {
        if (running is { Length: > 0 })
        {
            Address = running;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DropTemplate();
            return;
        }

        _programs = Programs();
        _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(Path.Combine(_folder, "password"), password);
        if (_isRoot)
        {
            Run("chown", "-R", "postgres", _folder);
        }

        var port = FreePort();
        RunAsOwner("initdb", "-D", Data, "-U", "tests", "--auth=scram-sha-256", $"--pwfile={_folder}/password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        RunAsOwner("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-p {port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200", "start");
        Address = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=tests;Password={password}";
    }

    /// <summary>Connection string of a superuser, without a database.</summary>
    public string Address { get; }

    private string Data => Path.Combine(_folder!, "data");

    /// <summary>The one cluster of this process.</summary>
    public static PostgresFixture Shared => Cluster.Value;

    /// <summary>A cluster that no other test uses, to be disturbed.</summary>
    public static PostgresFixture StartOwn() => new(running: null);

    /// <summary>Ends all of the cluster's processes at once, as a crash does, and starts it on the same port; returns when it takes connections.</summary>
    public void Restart() => RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-w", "-l", Path.Combine(_folder!, "log"), "restart");

    /// <summary>SIGSTOP for each of the cluster's processes: connections stay open and nothing answers.</summary>
    public void StandStill()
    {
        _standsStill = true;
        // The first one alone makes new ones, so none is missed.
        Signal("-STOP", [Postmaster()]);
        Signal("-STOP", Backends());
    }

    public void GoOn()
    {
        Signal("-CONT", [.. Backends(), Postmaster()]);
        _standsStill = false;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public string MakeDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");
        Execute(Of("postgres"), $"CREATE DATABASE {name}");
        return Of(name);
    }

    /// <summary>Makes an empty database as a deployment has it: one role owns it, the other is the application's. Neither may more than its part.</summary>
    public (string Application, string Owner) MakeDatabaseOfTwoRoles()
    {
        var superuser = MakeDatabase();
        var name = new NpgsqlConnectionStringBuilder(superuser).Database;
        Execute(superuser, $"CREATE ROLE {name}_owner LOGIN PASSWORD 'of-tests-only'; CREATE ROLE {name}_app LOGIN PASSWORD 'of-tests-only'; ALTER DATABASE {name} OWNER TO {name}_owner");
        return (As("app"), As("owner"));

        string As(string role) => new NpgsqlConnectionStringBuilder(superuser) { Username = $"{name}_{role}", Password = "of-tests-only" }.ToString();
    }

    /// <summary>Makes a copy of a database of two roles that is laid out once: that takes longer than most tests do. All copies have the same two roles.</summary>
    /// <param name="layOut">Makes the tables, as owner; leaves no connection open.</param>
    public (string Application, string Owner) CopyDatabase(Action<(string Application, string Owner)> layOut)
    {
        (string Application, string Owner) template;
        lock (_gate)
        {
            if (_template is null)
            {
                var made = MakeDatabaseOfTwoRoles();
                layOut(made);
                _template = made;
            }

            template = _template.Value;
        }

        return CopyOf(template);
    }

    /// <summary>Makes a copy of a database of two roles to which nobody is connected; it has the same two roles.</summary>
    public (string Application, string Owner) CopyOf((string Application, string Owner) template)
    {
        var owner = new NpgsqlConnectionStringBuilder(template.Owner);
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");
        Execute(Of("postgres"), $"CREATE DATABASE {name} TEMPLATE {owner.Database} OWNER {owner.Username}");
        return (new NpgsqlConnectionStringBuilder(template.Application) { Database = name }.ToString(), new NpgsqlConnectionStringBuilder(template.Owner) { Database = name }.ToString());
    }

    /// <summary>The same database as a superuser.</summary>
    public string AsSuperuser(string connectionString) => Of(new NpgsqlConnectionStringBuilder(connectionString).Database!);

    /// <summary>Removes a database and its roles, and ends who is still connected to it.</summary>
    public void DropDatabase(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        Execute(Of("postgres"), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        Execute(Of("postgres"), $"DROP ROLE IF EXISTS {name}_app; DROP ROLE IF EXISTS {name}_owner");
    }

    /// <summary>Runs a statement over a connection of its own.</summary>
    public static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, over a connection of its own.</summary>
    public static T Scalar<T>(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        if (_folder is null || !Directory.Exists(_folder))
        {
            return;
        }

        if (_standsStill)
        {
            GoOn();
        }

        RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private void DropTemplate()
    {
        if (_template is { } template)
        {
            DropDatabase(template.Owner);
        }
    }

    private string Postmaster() => File.ReadLines(Path.Combine(Data, "postmaster.pid")).First().Trim();

    private string[] Backends() => File.ReadAllText($"/proc/{Postmaster()}/task/{Postmaster()}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static void Signal(string signal, string[] processes) => Run("kill", [signal, .. processes]);

    private string Of(string database) => $"{Address};Database={database}";

    /// <summary>The server refuses to run as root, so another user runs it.</summary>
    private void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (_isRoot)
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static string Programs() =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.EnumerateDirectories("/usr/lib/postgresql").Where(version => File.Exists(Path.Combine(version, "bin", "initdb"))).Order(StringComparer.Ordinal).LastOrDefault() is { } newest
            ? Path.Combine(newest, "bin")
            : throw new InvalidOperationException("PostgreSQL is missing; .ci/install installs it.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string program, params string[] arguments)
    {
        // Its output goes to a file of the caller's choice: a server that inherits a pipe would keep its reader waiting.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
        }
    }
}
