using System.Diagnostics;
using System.Threading.Channels;

namespace RunSupport;

/// <summary>A process whose lines can be waited for.</summary>
public sealed class LineProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private int _disposed;

    private LineProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Everything that it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_seen)
            {
                return string.Join('\n', _seen);
            }
        }
    }

    public static LineProcess Start(params string[] arguments) => StartProgram(IcpoProcess.Executable, arguments);

    /// <summary>Starts another program, such as one that starts icpo.</summary>
    public static LineProcess StartProgram(string program, params string[] arguments)
    {
        var process = new LineProcess(IcpoProcess.StartProgram(program, new ProcessOptions(), arguments));
        process._process.OutputDataReceived += (_, line) => process.Take(line.Data);
        process._process.ErrorDataReceived += (_, line) => process.Take(line.Data);
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Returns the next line that contains a text.</summary>
    /// <exception cref="TimeoutException">The process does not write it in time, or ends before.</exception>
    public async Task<string> WaitForAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        _ = _process.WaitForExitAsync(deadline.Token).ContinueWith(_ => _lines.Writer.TryComplete(), TaskScheduler.Default);
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(ended.Token))
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Reported below.
        }

        throw new TimeoutException($"The process has not written '{text}':\n{Output}");
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    /// <exception cref="TimeoutException">It does not end in time.</exception>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process has not ended:\n{Output}");
        }

        return _process.ExitCode;
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it; what was disposed of already stays so.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lock (_seen)
            {
                _seen.Add(line);
            }

            _lines.Writer.TryWrite(line);
        }
    }
}
