using System.Collections.Immutable;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>
/// The copies of the newest checkpoints of a run in a process that can take over the run. Everything else of the run is in the database.
/// </summary>
/// <param name="directory">The run's directory in this process.</param>
/// <param name="download">The client of the core's HTTP server.</param>
internal sealed class StandbyCopy(RunDirectory directory, FileDownload download) : IDisposable
{
    /// <summary>Two: the journal may not contain the newest one yet.</summary>
    private const int Kept = 2;

    private ClusterAddress? _named;

    /// <summary>The lock of the directory; null while this process does not own it.</summary>
    public RunLock? Lock { get; private set; }

    /// <summary>The newest checkpoint; null without one.</summary>
    public long? Newest => CheckpointStore.Open(directory).Newest()?.Value;

    /// <summary>Locks the directory.</summary>
    /// <exception cref="IOException">Another process has locked it, or it cannot be written.</exception>
    public void Take()
    {
        directory.Create();
        Lock = RunLock.Take(directory, TimeProvider.System);
    }

    /// <summary>Releases the directory for the run that starts in it.</summary>
    public void Dispose()
    {
        Lock?.Dispose();
        Lock = null;
    }

    /// <summary>Records the core that is followed, so that commands that are given this directory find it.</summary>
    public void Name(ClusterAddress core)
    {
        if (core != _named)
        {
            core.Write(directory.Path);
            _named = core;
        }
    }

    /// <summary>Removes the record of the core.</summary>
    public void Forget()
    {
        if (_named is not null)
        {
            ClusterAddress.Delete(directory.Path);
            _named = null;
        }
    }

    /// <summary>The checkpoints that are missing here, newest first.</summary>
    public ImmutableArray<StandbyCheckpoint> Missing(StandbyOrders orders) =>
        [
            .. orders
                .Checkpoints.Take(Kept)
                .Where(checkpoint => CheckpointStore.VersionOf(checkpoint.Name) is not null && !Directory.Exists(Folder(checkpoint.Name))),
        ];

    /// <summary>Copies a checkpoint, which gets its name when it is complete. A partial copy is resumed.</summary>
    public async Task CopyAsync(Uri address, StandbyCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        string unfinished = Folder(checkpoint.Name) + ".tmp";
        foreach (StandbyFile file in checkpoint.Files)
        {
            string path = Path.Combine(unfinished, Path.GetFileName(file.Name));
            if (!File.Exists(path))
            {
                await download.CopyAsync(Source(address, file), path, cancellationToken).ConfigureAwait(false);
            }
        }

        Directory.Move(unfinished, Folder(checkpoint.Name));
    }

    /// <summary>Deletes checkpoints that the core no longer keeps, once newer ones are here.</summary>
    public void DeleteOld(StandbyOrders orders)
    {
        HashSet<string> wanted = [.. orders.Checkpoints.Take(Kept).Select(checkpoint => checkpoint.Name)];
        if (Missing(orders).Length > 0 || wanted.Count == 0)
        {
            return;
        }

        foreach (string path in Directory.GetDirectories(directory.Checkpoints).Where(path => !wanted.Contains(Path.GetFileName(path))))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string Folder(string checkpoint) => Path.Combine(directory.Checkpoints, checkpoint);

    private static Uri Source(Uri address, StandbyFile file) =>
        new(address, $"standby/{string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString))}");
}
