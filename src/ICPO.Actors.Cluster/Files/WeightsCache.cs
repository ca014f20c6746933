using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Cluster.Files;

/// <summary>
/// The published weights of a node: each version is fetched once for all engines, from other nodes where they pass it on, and the newest
/// few are kept. Weights whose file is on this machine are used in place. Thread-safe.
/// </summary>
/// <param name="directory">The directory of fetched weights.</param>
/// <param name="files">Base address of the core's files.</param>
/// <param name="client">The HTTP client of core and nodes.</param>
internal sealed class WeightsCache(string directory, Uri files, HttpClient client)
{
    private const int Kept = 2;

    /// <summary>Nodes that cannot reach each other go to the core alone after so many versions for which a relay failed.</summary>
    private const int MaxFailures = 3;

    private readonly FileDownload _download = new(client);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Fetched> _versions = [];
    private Uri _files = files;
    private Uri? _relay;
    private int _failures;

    private sealed record Fetched(long Epoch, GrowingFile File, Task Task);

    /// <summary>Sets the base address at which this node passes weights on.</summary>
    public void RelayAt(Uri address) => Volatile.Write(ref _relay, address);

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
        return weights with { Path = fetched.File.Path };
    }

    /// <summary>The copy of weights that this node has or is fetching; null if there is none.</summary>
    public GrowingFile? Held(long epoch, long version)
    {
        lock (_gate)
        {
            return _versions.TryGetValue(version, out Fetched? fetched) && fetched.Epoch == epoch ? fetched.File : null;
        }
    }

    /// <summary>The download of the version: complete, in progress, or started now; a failed one is retried.</summary>
    private Fetched Find(PolicySnapshot weights)
    {
        lock (_gate)
        {
            if (!_versions.TryGetValue(weights.Version.Value, out Fetched? fetched) || fetched.Task.IsFaulted)
            {
                string name = $"{weights.Epoch.Value}-{weights.Version.Value}-{weights.Sha256[..16]}.safetensors";
                var file = new GrowingFile(Path.Combine(directory, name), isRead: true);
                _versions[weights.Version.Value] = fetched = new Fetched(weights.Epoch.Value, file, FetchAsync(weights, file));
                DeleteOld();
            }

            return fetched;
        }
    }

    private async Task FetchAsync(PolicySnapshot weights, GrowingFile file)
    {
        if (File.Exists(file.Path))
        {
            file.Grow(weights.Length, weights.Length);
            return;
        }

        var source = new Uri(Volatile.Read(ref _files), $"weights/{weights.Epoch.Value}/{weights.Version.Value}");
        try
        {
            ImmutableArray<Uri> relays = await RelaysAsync(source).ConfigureAwait(false);
            bool reached = await _download.CopyAsync(source, file, relays, CancellationToken.None).ConfigureAwait(false);
            Interlocked.Exchange(ref _failures, reached ? 0 : _failures + 1);
        }
        catch
        {
            file.Fail();
            throw;
        }
    }

    /// <summary>Where the core says that the weights are; none if it does not respond, because it is asked for the weights then.</summary>
    private async Task<ImmutableArray<Uri>> RelaysAsync(Uri source)
    {
        if (Volatile.Read(ref _relay) is not { } own || _failures >= MaxFailures)
        {
            return [];
        }

        try
        {
            using HttpResponseMessage answer = await client
                .PostAsJsonAsync(new Uri(source + "/sources"), new Relay(own))
                .ConfigureAwait(false);
            answer.EnsureSuccessStatusCode();
            ImmutableArray<Uri> nodes = await answer.Content.ReadFromJsonAsync<ImmutableArray<Uri>>().ConfigureAwait(false);
            return
            [
                .. nodes
                    .Where(node => node.IsAbsoluteUri && node.Scheme == source.Scheme)
                    .Select(node => new Uri(node, source.AbsolutePath[1..])),
            ];
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or JsonException or OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>Engines may still read the second newest version.</summary>
    private void DeleteOld()
    {
        while (_versions.Count > Kept)
        {
            (long version, Fetched fetched) = _versions.First();
            _versions.Remove(version);
            if (fetched.Task.IsCompletedSuccessfully)
            {
                File.Delete(fetched.File.Path);
            }
        }
    }
}
