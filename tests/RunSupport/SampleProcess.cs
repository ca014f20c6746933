using System.Diagnostics;
using System.Text;

namespace RunSupport;

/// <summary>A program under <c>samples/</c>, or a script, as a process: its output can be awaited, and it can be sent signals.</summary>
public sealed class SampleProcess : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waits = [];

    private SampleProcess(Process process) => _process = process;

    /// <summary>Everything written so far, both outputs together.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="root">Root of the repository.</param>
    /// <param name="name">Of the sample.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its arguments.</param>
    public static SampleProcess Start(string root, string name, string folder, params string[] arguments) =>
        StartBuilt(Path.Combine(root, "samples", name), folder, arguments);

    /// <summary>As <see cref="Start(string, string, string, string[])"/>, for a program under <c>tests/</c>.</summary>
    public static SampleProcess StartTestProgram(string root, string name, string folder, params string[] arguments) =>
        StartBuilt(Path.Combine(root, "tests", name), folder, arguments);

    /// <summary>A script of <c>sh</c>, which finds the icpo executable as <c>$ICPO</c> and the arguments as <c>"$@"</c>.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    public static SampleProcess StartScript(string folder, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh", ["-c", script, "sh", .. arguments]) { WorkingDirectory = folder };
        start.Environment["ICPO"] = Path.Combine(AppContext.BaseDirectory, "icpo");
        start.Environment["TERM"] = "xterm";
        return Start(start);
    }

    /// <summary>Programs are built with the configuration of the tests: …/bin/&lt;configuration&gt;/&lt;framework&gt;/.</summary>
    private static SampleProcess StartBuilt(string project, string folder, string[] arguments)
    {
        string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        string executable = Path.Combine(project, "bin", output[^2], output[^1], Path.GetFileName(project));
        return Start(new ProcessStartInfo(executable, arguments) { WorkingDirectory = folder });
    }

    private static SampleProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var sample = new SampleProcess(new Process { StartInfo = start });
        sample._process.OutputDataReceived += (_, line) => sample.Add(line.Data);
        sample._process.ErrorDataReceived += (_, line) => sample.Add(line.Data);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>Waits until the output contains a text.</summary>
    /// <exception cref="TimeoutException">It does not appear in time; has the output.</exception>
    public async Task WaitForAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_output.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _waits.Add((text, seen));
        }

        await WithinAsync(seen.Task, $"did not write '{text}'");
    }

    /// <param name="name">TERM, INT or another of <c>kill</c>'s names.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; 128 + n after signal n.</returns>
    /// <exception cref="TimeoutException">It does not end in time; has the output.</exception>
    public async Task<int> ExitAsync()
    {
        await WithinAsync(_process.WaitForExitAsync(), "did not end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task WithinAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The sample {what} within {Deadline}:\n{Output}");
        }
    }

    private void Add(string? line)
    {
        lock (_gate)
        {
            _output.AppendLine(line);
            string all = _output.ToString();
            foreach ((string text, TaskCompletionSource seen) in _waits.Where(wait => all.Contains(wait.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }
}
