using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Cluster.Files;

/// <summary>
/// The published weights of a node: each version is fetched once for all engines, and the newest few are kept. Weights whose file is on
/// this machine are used in place. Thread-safe.
/// </summary>
/// <param name="directory">The directory of fetched weights.</param>
/// <param name="files">Base address of the core's files.</param>
/// <param name="download">Used to fetch weights.</param>
internal sealed class WeightsCache(string directory, Uri files, FileDownload download)
{
    private Uri _files = files;

    private const int Kept = 2;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Fetched> _versions = [];

    private sealed record Fetched(string Path, Task Task);

    /// <summary>Sets a new address of the core's files.</summary>
    public void Move(Uri files) => Volatile.Write(ref _files, files);

    /// <summary>The same weights with a path on this machine.</summary>
    /// <exception cref="FileNotFoundException">The core no longer has them.</exception>
    /// <exception cref="IOException">The core does not respond.</exception>
    public async Task<PolicySnapshot> GetAsync(PolicySnapshot weights, CancellationToken cancellationToken)
    {
        if (new FileInfo(weights.Path) is { Exists: true, Length: var length } && length == weights.Length)
        {
            return weights;
        }

        Fetched fetched = Find(weights);
        await fetched.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return weights with { Path = fetched.Path };
    }

    /// <summary>The download of the version: complete, in progress, or started now; a failed one is retried.</summary>
    private Fetched Find(PolicySnapshot weights)
    {
        lock (_gate)
        {
            if (!_versions.TryGetValue(weights.Version.Value, out Fetched? fetched) || fetched.Task.IsFaulted)
            {
                string name = $"{weights.Epoch.Value}-{weights.Version.Value}-{weights.Sha256[..16]}.safetensors";
                string path = Path.Combine(directory, name);
                _versions[weights.Version.Value] = fetched = new Fetched(path, FetchAsync(weights, path));
                DeleteOld();
            }

            return fetched;
        }
    }

    private Task FetchAsync(PolicySnapshot weights, string path) =>
        File.Exists(path)
            ? Task.CompletedTask
            : download.CopyAsync(
                new Uri(Volatile.Read(ref _files), $"weights/{weights.Epoch.Value}/{weights.Version.Value}"),
                path,
                CancellationToken.None
            );

    /// <summary>Engines may still read the second newest version.</summary>
    private void DeleteOld()
    {
        while (_versions.Count > Kept)
        {
            (long version, Fetched fetched) = _versions.First();
            _versions.Remove(version);
            if (fetched.Task.IsCompletedSuccessfully)
            {
                File.Delete(fetched.Path);
            }
        }
    }
}
