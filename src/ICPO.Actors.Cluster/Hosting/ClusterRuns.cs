using ICPO.Actors.Cluster.Standby;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Hosting;

/// <summary>Properties of a run that determine its role in a cluster.</summary>
public static class ClusterRuns
{
    /// <summary>True if another process can continue a run of this configuration.</summary>
    public static bool HasFailover(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return StandbyRun.IsPossible(settings.Journal);
    }

    /// <summary>
    /// Lets a standby continue a run whose core is in this process, when it has stopped here. Stop the run after it; without it, stopping
    /// ends the run.
    /// </summary>
    /// <returns>The name of the standby; null if none is ready.</returns>
    public static string? HandOver(IIcpoRun run) => (run as IcpoRun)?.HandOver();

    /// <summary>True if another process can continue the run: its journal and its payloads are on a server.</summary>
    /// <param name="directory">The run's directory.</param>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    public static bool HasFailover(string directory)
    {
        var run = new RunDirectory(Path.GetFullPath(directory));
        return HasFailover(StoredConfiguration.Read(run).Settings);
    }
}
