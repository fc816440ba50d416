namespace Adapter.Host.Rehearsal;

/// <summary>A file that only the user who made it can read.</summary>
internal static class PrivateFile
{
    /// <returns>The path.</returns>
    public static async Task<string> WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
        return path;
    }
}
