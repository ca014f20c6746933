using System.Collections.Concurrent;
using EndToEnd.Tests.Faults;

[assembly: AssemblyFixture(typeof(WholeRuns))]

namespace EndToEnd.Tests.Faults;

/// <summary>Runs that were not killed, to compare others with. Each is made once for all tests.</summary>
public sealed class WholeRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<SmallRun, Lazy<Task<string>>> _runs = new();
    private int _count;

    /// <summary>The directory of a completed run, which a test must not change.</summary>
    public Task<string> DirectoryOfAsync(SmallRun run) => _runs.GetOrAdd(run, _ => new Lazy<Task<string>>(() => MakeAsync(run))).Value;

    public void Dispose() => _folder.Dispose();

    private async Task<string> MakeAsync(SmallRun run)
    {
        string path = _folder.In($"whole-{Interlocked.Increment(ref _count)}");
        await KilledRuns.EndsWellAsync(run.Train(path));
        return path;
    }
}
