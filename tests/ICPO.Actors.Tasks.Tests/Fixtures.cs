namespace ICPO.Actors.Tasks.Tests;

/// <summary>Files made by other software, and real data sets; tests that need them are skipped where they are absent.</summary>
internal static class Fixtures
{
    /// <summary>A folder of the fixtures (environment variable ICPO_FIXTURES, default ../shared/fixtures beside the repository).</summary>
    public static string Folder(string name)
    {
        string folder = Place(name);
        Assert.SkipUnless(Directory.Exists(folder), $"the fixtures folder {folder} is absent");
        return folder;
    }

    /// <summary>A file of the real data sets, which lie beside the fixtures.</summary>
    public static string Data(string name)
    {
        string file = Place(Path.Combine("..", "data", name));
        Assert.SkipUnless(File.Exists(file), $"the data set {file} is absent");
        return file;
    }

    /// <summary>Where something of this name would lie.</summary>
    public static string Place(string name) => Path.GetFullPath(Path.Combine(Root(), name));

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("ICPO_FIXTURES") is { Length: > 0 } named)
        {
            return named;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ICPO.Actors.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? "", "shared", "fixtures");
    }
}
