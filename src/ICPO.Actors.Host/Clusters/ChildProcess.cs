using System.Diagnostics;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Clusters;

/// <summary>A child process of this program; its output is forwarded, prefixed with its name.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public int ExitCode => _process.ExitCode;

    /// <param name="name">The prefix of its output lines.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="write">Receives its output lines.</param>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static ChildProcess Start(
        string name,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Action<string> write
    )
    {
        bool isDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] program = isDotnet ? [typeof(ChildProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The configuration file already contains the values of the environment.
        foreach (string variable in ConfigurationSources.ProcessEnvironment().Keys)
        {
            start.Environment.Remove(variable);
        }

        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        Process process = Process.Start(start) ?? throw new IOException($"{start.FileName} cannot be started.");
        process.OutputDataReceived += (_, line) => Pass(line.Data);
        process.ErrorDataReceived += (_, line) => Pass(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(name, process);

        void Pass(string? line)
        {
            if (line is not null)
            {
                write($"{name}: {line}");
            }
        }
    }

    public Task ExitAsync() => _process.WaitForExitAsync();

    /// <summary>Asks the process to end cleanly.</summary>
    public void Terminate()
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        }
    }

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _process.Dispose();
}
