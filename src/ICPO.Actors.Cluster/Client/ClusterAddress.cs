using System.Text.Json;

namespace ICPO.Actors.Cluster.Client;

/// <summary>
/// The addresses of a running core; stored in the run's directory while it runs, also in those of its standbys.
/// </summary>
/// <param name="Seed">The address that nodes join, as host:port.</param>
/// <param name="Files">Base address of its HTTP server.</param>
public sealed record ClusterAddress(string Seed, Uri Files)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cluster.json";

    /// <exception cref="FileNotFoundException">No core runs in the directory.</exception>
    /// <exception cref="InvalidDataException">The file is malformed.</exception>
    public static ClusterAddress Read(string runDirectory)
    {
        string path = Path.Combine(runDirectory, FileName);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"{runDirectory}: no core or standby of a cluster runs in this directory; {FileName} is missing.",
                path
            );
        }

        try
        {
            return JsonSerializer.Deserialize<ClusterAddress>(File.ReadAllText(path))
                ?? throw new InvalidDataException($"{path}: the file contains no address.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: the file is malformed: {error.Message}", error);
        }
    }

    internal void Write(string runDirectory)
    {
        string path = Path.Combine(runDirectory, FileName);
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(this));
        File.Move(path + ".tmp", path, overwrite: true);
    }

    internal static void Delete(string runDirectory) => File.Delete(Path.Combine(runDirectory, FileName));
}
