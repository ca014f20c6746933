namespace TestSupport;

/// <summary>The source repository of the tests.</summary>
public static class Repository
{
    /// <summary>The directory of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string In(params string[] parts) => Path.Combine([Root, .. parts]);

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
