using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Clusters;

/// <summary>The processes of a local cluster. Thread-safe.</summary>
internal sealed class ChildProcesses(Terminal terminal)
{
    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _children = [];

    /// <summary>Environment variables of every process.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Starts a process and returns its exit code.</summary>
    public async Task<int> RunToEndAsync(string name, string[] arguments, CancellationToken terminate)
    {
        using var child = ChildProcess.Start(name, arguments, Environment, Write);
        lock (_gate)
        {
            _children.Add(child);
        }

        try
        {
            await using CancellationTokenRegistration stop = terminate.Register(child.Terminate);
            await child.ExitAsync();
            return child.ExitCode;
        }
        finally
        {
            lock (_gate)
            {
                _children.Remove(child);
            }
        }
    }

    public void KillAll()
    {
        lock (_gate)
        {
            foreach (ChildProcess child in _children)
            {
                child.Kill();
            }
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            terminal.Out.WriteLine(line);
        }
    }
}
