namespace ICPO.Actors.Modeling.Tests;

/// <summary>A folder of one test's own, gone when the test is.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("icpo-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
