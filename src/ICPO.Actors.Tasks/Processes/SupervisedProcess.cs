using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ICPO.Actors.Tasks.Processes;

/// <summary>
/// A process with redirected streams and a deadline: reading blocks until output arrives or the process and its children exit, and a timer
/// kills them at the deadline.
/// </summary>
internal sealed class SupervisedProcess : IDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ErrorOutput _errors;
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private long _deadline = long.MaxValue;
    private bool _overdue;

    private SupervisedProcess(Process process, bool reportsLastLine)
    {
        _process = process;
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        _timer = new Timer(_ => Expire());
        _errors = new ErrorOutput(process.StandardError.BaseStream, reportsLastLine);
    }

    /// <summary>Raised when the process is killed or disposed, on any thread.</summary>
    public event Action? Killed;

    public int Id => _process.Id;

    /// <summary>The input of the process; disposed by its user.</summary>
    public Stream Input { get; }

    /// <summary>The output of the process; disposed by its user, once no thread reads it.</summary>
    public Stream Output { get; }

    /// <summary>Starts a process.</summary>
    /// <param name="start">Redirects all three streams.</param>
    /// <param name="reportsLastLine">True to report the last line of its error output, false for the first.</param>
    /// <exception cref="IOException">It did not start.</exception>
    public static SupervisedProcess Start(ProcessStartInfo start, bool reportsLastLine)
    {
        try
        {
            return new(Process.Start(start) ?? throw new IOException("no process was started"), reportsLastLine);
        }
        catch (Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Sets the deadline of the current case; null if none is running.</summary>
    public void Arm(TimeSpan? time)
    {
        lock (_gate)
        {
            _deadline = time is { } some ? Stopwatch.GetTimestamp() + (long)(some.TotalSeconds * Stopwatch.Frequency) : long.MaxValue;
            _timer.Change(time ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>True if a deadline has passed: the process has been killed.</summary>
    public bool IsOverdue
    {
        get
        {
            lock (_gate)
            {
                return _overdue;
            }
        }
    }

    /// <summary>Kills the process and its children.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has already exited.
        }

        Killed?.Invoke();
    }

    /// <summary>Kills the process if it is still running, and describes how it exited.</summary>
    public string ExitReason()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            Kill();
        }

        string said = _errors.Line(TimeSpan.FromSeconds(1));
        string code = ExitCode()?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        string reason = IsOverdue ? "it did not respond in time" : $"it ended with exit code {code}";
        return said.Length > 0 ? $"{reason} and wrote \"{said}\"" : reason;
    }

    public int? ExitCode() => _process.WaitForExit(ShutdownTimeout) ? _process.ExitCode : null;

    public void Dispose()
    {
        _timer.Dispose();
        Kill();
        _process.WaitForExit(ShutdownTimeout);
        _errors.Dispose();
        _process.Dispose();
    }

    /// <summary>The timer may fire early, or late for an earlier case: the deadline decides.</summary>
    private void Expire()
    {
        lock (_gate)
        {
            if (_deadline == long.MaxValue || _overdue)
            {
                return;
            }

            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _deadline);
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            _overdue = true;
        }

        Kill();
    }
}
