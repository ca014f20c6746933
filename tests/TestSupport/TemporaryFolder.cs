namespace TestSupport;

/// <summary>A new temporary folder that is deleted on disposal.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("icpo-actors-").FullName;

    /// <summary>A path in the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    /// <summary>Creates a subfolder and returns its path.</summary>
    public string Folder(string name) => Directory.CreateDirectory(In(name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
