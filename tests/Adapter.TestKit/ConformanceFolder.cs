using Xunit;

namespace Adapter.TestKit;

/// <summary>Schemas and code lists that this project did not write. Not part of the repository.</summary>
public static class ConformanceFolder
{
    private const string Variable = "CUSTOMSTRANSIT_CONFORMANCE";

    /// <summary>A file or folder of the collection; the test is skipped where the collection is not at hand.</summary>
    public static string PathOf(params string[] parts)
    {
        if (Root() is not { } root)
        {
            Assert.Skip($"The foreign schemas are not here. Set {Variable} to the folder that holds 'wco', or put 'shared/conformance' beside the repository.");
            return "";
        }

        return Path.Combine([root, .. parts]);
    }

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            // A wrong setting is a mistake to be seen, not a reason to skip.
            return Directory.Exists(given) ? given : throw new DirectoryNotFoundException($"{Variable} names {given}, which is not a folder.");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "conformance");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
