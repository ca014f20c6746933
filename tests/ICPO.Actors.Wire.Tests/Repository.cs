namespace ICPO.Actors.Wire.Tests;

/// <summary>Where the repository and the reference values lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Golden { get; } = Path.Combine(Root, "tests", "ICPO.Actors.Wire.Tests", "Golden");

    /// <summary>A folder of the reference values; the test is skipped where it is absent.</summary>
    public static string Fixtures(string folder)
    {
        string root = Environment.GetEnvironmentVariable("ICPO_FIXTURES") ?? Path.Combine(Root, "..", "shared", "fixtures");
        string path = Path.Combine(root, folder);
        Assert.SkipUnless(Directory.Exists(path), $"No reference values at {path}: set ICPO_FIXTURES.");
        return path;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ICPO.Actors.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No ICPO.Actors.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A directory of a test's own, gone after it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("icpo-wire-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
