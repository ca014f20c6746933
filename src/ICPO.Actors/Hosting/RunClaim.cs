using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Hosting;

/// <summary>Reserves a directory for a new run. Processes that start at the same time get different ones.</summary>
internal static class RunClaim
{
    /// <summary>The configured directory, or a new one below <c>runs</c>.</summary>
    /// <exception cref="RunExistsException">The directory holds a run already.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static (RunDirectory Directory, RunLock Lock) Take(RunSettings settings, TimeProvider time) =>
        settings.Directory.Length > 0 ? Named(new RunDirectory(Path.GetFullPath(settings.Directory)), time) : Unnamed(settings, time);

    /// <exception cref="RunExistsException">The directory holds a run already.</exception>
    public static void RequireFree(RunSettings settings)
    {
        if (settings.Directory.Length > 0)
        {
            RequireFree(new RunDirectory(Path.GetFullPath(settings.Directory)));
        }
    }

    private static (RunDirectory Directory, RunLock Lock) Named(RunDirectory directory, TimeProvider time)
    {
        RequireFree(directory);
        directory.Create();
        var taken = RunLock.Take(directory, time);
        try
        {
            RequireFree(directory);
            return (directory, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private static (RunDirectory Directory, RunLock Lock) Unnamed(RunSettings settings, TimeProvider time)
    {
        string stem = Path.GetFullPath(Path.Combine("runs", $"{time.GetLocalNow():yyyyMMdd-HHmmss}-{settings.Preset}-seed{settings.Seed}"));
        for (int number = 1; ; number++)
        {
            var directory = new RunDirectory(number == 1 ? stem : $"{stem}-{number}");
            if (!Path.Exists(directory.Path) && directory.TryClaim())
            {
                return Named(directory, time);
            }
        }
    }

    private static void RequireFree(RunDirectory directory)
    {
        if (File.Exists(directory.EffectiveConfiguration))
        {
            throw new RunExistsException(directory.Path);
        }
    }
}
