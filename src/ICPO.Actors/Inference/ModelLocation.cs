using ICPO.Actors.Checkpointing;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Inference;

/// <summary>The location of a model's weights.</summary>
public static class ModelLocation
{
    /// <summary>True for the directory of a run.</summary>
    public static bool IsRun(string path) => File.Exists(new RunDirectory(path).EffectiveConfiguration);

    /// <summary>The newest checkpoint of a run directory; any other path as it is.</summary>
    /// <exception cref="InvalidDataException">The run has no checkpoint.</exception>
    public static string Find(string path)
    {
        if (!IsRun(path))
        {
            return path;
        }

        var store = CheckpointStore.Open(new RunDirectory(path));
        return store.Newest() is PolicyVersion version
            ? store.PathOf(version)
            : throw new InvalidDataException(
                $"{path}: the run has no checkpoint yet; one is written every checkpoint.every updates and when the run stops or ends."
            );
    }
}
