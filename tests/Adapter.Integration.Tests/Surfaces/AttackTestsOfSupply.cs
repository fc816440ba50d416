using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Attacks 92 to 94: what comes in with the packages.</summary>
public sealed class AttackTestsOfSupply : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("supply-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DirectoryInfo Repository { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public void Dispose() => _copy.Delete(recursive: true);

    [Fact]
    public void Attack_92_known_vulnerabilities_are_looked_for_and_stop_the_build()
    {
        var properties = Properties("Directory.Build.props");

        (properties["NuGetAudit"], properties["NuGetAuditMode"], properties["NuGetAuditLevel"]).ShouldBe(("true", "all", "high"));
        properties["TreatWarningsAsErrors"].ShouldBe("true");
        Projects().SelectMany(project => XDocument.Load(project.FullName).Descendants()).ShouldAllBe(e => e.Name.LocalName != "NuGetAudit" && e.Name.LocalName != "NuGetAuditSuppress");
        string.Join(' ', Projects().Select(project => File.ReadAllText(project.FullName)).Append(File.ReadAllText(PathOf("Directory.Build.props")))).ShouldNotContain("NU190");
    }

    [Fact]
    public void Attack_92_every_version_stands_once_and_exactly()
    {
        var central = XDocument.Load(PathOf("Directory.Packages.props")).Descendants("PackageVersion").ToList();
        central.Count.ShouldBeGreaterThan(10);
        central.ShouldAllBe(package => package.Attribute("Version")!.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '.' || c == '-'));
        central.Select(package => package.Attribute("Include")!.Value).ShouldBeUnique();

        foreach (var project in Projects())
        {
            XDocument.Load(project.FullName).Descendants("PackageReference")
                .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null).ShouldBeEmpty(project.Name);
        }
    }

    [Fact]
    public void Attack_93_every_project_has_its_lock_file_and_the_pipeline_holds_it_to_it()
    {
        Projects().ShouldAllBe(project => File.Exists(Path.Combine(project.DirectoryName!, "packages.lock.json")));
        Properties("Directory.Build.props")["RestorePackagesWithLockFile"].ShouldBe("true");
        File.ReadAllText(PathOf("test.sh")).ShouldContain("dotnet restore CustomsTransit.sln --locked-mode");
    }

    [Theory]
    [InlineData("a version in the lock file")]
    [InlineData("a version in Directory.Packages.props")]
    [InlineData("the hash of a package")]
    [InlineData(null)]
    public async Task Attack_93_a_restore_that_does_not_match_its_lock_file_fails(string? changed)
    {
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt" })
        {
            File.Copy(PathOf(file), Path.Combine(_copy.FullName, file));
        }

        var project = _copy.CreateSubdirectory("Adapter.Contracts");
        foreach (var file in new[] { "Adapter.Contracts.csproj", "packages.lock.json" })
        {
            File.Copy(PathOf("Adapter.Contracts", file), Path.Combine(project.FullName, file));
        }

        var lockFile = Path.Combine(project.FullName, "packages.lock.json");
        var locked = JsonNode.Parse(await File.ReadAllTextAsync(lockFile, Cancel))!;
        var (name, package) = locked["dependencies"]!["net10.0"]!.AsObject().First(p => p.Key == "Meziantou.Analyzer");
        var version = package!["resolved"]!.GetValue<string>();
        switch (changed)
        {
            case "a version in the lock file":
                package["resolved"] = "3.0.1";
                package["requested"] = "[3.0.1, )";
                break;
            case "the hash of a package":
                package["contentHash"] = Convert.ToBase64String(new byte[64]);
                break;
            case "a version in Directory.Packages.props":
                var central = Path.Combine(_copy.FullName, "Directory.Packages.props");
                var text = await File.ReadAllTextAsync(central, Cancel);
                await File.WriteAllTextAsync(central, text.Replace($"\"{name}\" Version=\"{version}\"", $"\"{name}\" Version=\"3.0.1\"", StringComparison.Ordinal), Cancel);
                (await File.ReadAllTextAsync(central, Cancel)).ShouldNotBe(text);
                break;
        }

        await File.WriteAllTextAsync(lockFile, locked.ToJsonString(), Cancel);

        var (code, output) = await RestoreAsync(project.FullName);

        if (changed is null)
        {
            code.ShouldBe(0, output);
        }
        else
        {
            code.ShouldNotBe(0, output);
            output.ShouldContain(changed == "the hash of a package" ? "NU1403" : "NU1004");
        }
    }

    [Fact]
    public void Attack_94_nothing_of_a_third_party_is_committed()
    {
        var files = TrackedFiles();
        files.Count.ShouldBeGreaterThan(200);

        files.Where(file => Path.GetExtension(file) is ".dll" or ".exe" or ".nupkg" or ".jar" or ".so" or ".zip" or ".tgz" or ".wasm" or ".map"
            || file.Contains(".min.", StringComparison.OrdinalIgnoreCase) || file.Contains("node_modules", StringComparison.Ordinal) || file.Contains("wwwroot/lib", StringComparison.Ordinal)
            || file.Contains(".bundle.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>What git would commit: files of the tree outside of what builds leave behind.</summary>
    private static List<string> TrackedFiles() =>
    [
        .. Repository.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.FullName, file.FullName).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or ".git" or ".vs" or "BenchmarkDotNet.Artifacts")),
    ];

    private static List<FileInfo> Projects() => [.. TrackedFiles().Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new FileInfo(PathOf(file)))];

    private static Dictionary<string, string> Properties(string file) =>
        XDocument.Load(PathOf(file)).Descendants("PropertyGroup").Elements().ToDictionary(e => e.Name.LocalName, e => e.Value, StringComparer.Ordinal);

    private static async Task<(int Code, string Output)> RestoreAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in new[] { "restore", "--locked-mode", "--disable-build-servers" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancel) + await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, output);
    }

    private static string PathOf(params string[] parts) => Path.Combine([Repository.FullName, .. parts]);

    private static DirectoryInfo Find(DirectoryInfo? folder) =>
        folder is null ? throw new DirectoryNotFoundException("The tests do not run inside the repository.")
        : File.Exists(Path.Combine(folder.FullName, "CustomsTransit.sln")) ? folder
        : Find(folder.Parent);
}
