using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// How a batch ended: how many cases have their verdict, and if the worker exited, what that means for the next case.
/// </summary>
/// <param name="Answered">Cases from the front that were answered.</param>
/// <param name="Alive">The worker can continue.</param>
/// <param name="Fault">The verdict of the case that was being judged when the worker exited; null if it may be retried.</param>
/// <param name="ExitReason">Why the worker exited, as far as known.</param>
internal sealed record BatchEnd(int Answered, bool Alive, Judgment? Fault = null, string? ExitReason = null);

/// <summary>
/// A worker process, used by one thread at a time. Reading blocks until the answer arrives or the process exits; a timer kills the
/// process when a case exceeds its time.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly VerifierPoolSettings _settings;
    private readonly Stream _input;
    private readonly BufferedStream _output;
    private readonly StringBuilder _errors = new();
    private readonly ManualResetEventSlim _errorsRead = new();
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private long _deadline = long.MaxValue;
    private bool _overdue;

    private WorkerProcess(Process process, VerifierPoolSettings settings)
    {
        (_process, _settings) = (process, settings);
        _input = process.StandardInput.BaseStream;
        _output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
        _timer = new Timer(_ => Expire());
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _errorsRead.Set();
            }

            lock (_errors)
            {
                _ = line.Data is not null && _errors.Length < 2000 ? _errors.AppendLine(line.Data) : _errors;
            }
        };
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Starts a worker and waits until it is ready.</summary>
    /// <param name="started">Called as soon as the process exists, so that another thread can kill it.</param>
    /// <exception cref="ArgumentException">It refused the settings.</exception>
    /// <exception cref="IOException">It did not start; the message is a clause that states the reason.</exception>
    public static WorkerProcess Start(VerifierPoolSettings settings, Action<WorkerProcess> started)
    {
        Process process;
        try
        {
            process = Process.Start(settings.Executable.StartInfo(settings.Memory)) ?? throw new IOException("no process was started");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }

        var worker = new WorkerProcess(process, settings);
        started(worker);
        try
        {
            worker.Arm(settings.StartTimeout);
            WorkerFrames.Write(worker._input, WorkerFrames.Configure, writer =>
            {
                writer.Write(settings.Verifier);
                writer.Write(JsonSerializer.Serialize(settings.Settings));
                writer.Write(JsonSerializer.Serialize(settings.Task));
            });
            (byte Kind, BinaryReader Body)? answer = WorkerFrames.Read(worker._output);
            worker.Arm(null);
            return answer switch
            {
                (WorkerFrames.Ready, _) => worker,
                (WorkerFrames.Refused, var body) => throw new ArgumentException(WorkerFrames.ReadMessage(body)),
                _ => throw new IOException(worker.ExitReason()),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            string reason = worker.ExitReason();
            worker.Dispose();
            throw new IOException(reason, e);
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Judges cases in order and answers each as soon as it has its verdict.</summary>
    public BatchEnd Judge(IReadOnlyList<VerifierCase> cases)
    {
        int answered = 0;
        string? broken = null;
        try
        {
            Arm(_settings.Timeout);
            WorkerFrames.Write(_input, WorkerFrames.Cases, writer =>
            {
                writer.Write(cases.Count);
                foreach (VerifierCase one in cases)
                {
                    WorkerFrames.WriteCase(writer, one.Question, one.Response, one.Finish);
                }
            });
            for (; answered < cases.Count; answered++)
            {
                if (WorkerFrames.Read(_output) is not (WorkerFrames.Judged, var body))
                {
                    break;
                }

                cases[answered].Answer(WorkerFrames.ReadJudgment(body));
                if (IsOverdue)
                {
                    // The deadline passed just before this answer was read: the answer counts, and the next case is not at fault.
                    return new(answered + 1, false, null, "it did not respond in time");
                }

                Arm(answered + 1 < cases.Count ? _settings.Timeout : null);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ObjectDisposedException)
        {
            // Treated as an exit of the process, below. One that breaks the protocol is not waited for.
            broken = e is InvalidDataException ? $"it sent {e.Message}" : null;
            if (broken is not null)
            {
                Kill();
            }
        }

        if (answered == cases.Count)
        {
            // Overdue after the last answer was sent: the answer counts, the process was killed.
            return new(answered, !IsOverdue);
        }

        string reason = ExitReason();
        return new(answered, false, Fault(), broken ?? reason);
    }

    /// <summary>The verdict of the case that was being judged; null if the worker exited for an unknown reason.</summary>
    private Judgment? Fault()
    {
        if (IsOverdue)
        {
            return Judgment.TimedOut($"no verdict within {_settings.Timeout.TotalSeconds} s; its process was killed");
        }

        return ExitCode() == VerifierWorker.OutOfMemory
            ? Judgment.Crashed($"the verdict needs more than the {_settings.Memory} MB of icpo.verification.memory")
            : null;
    }

    /// <summary>Kills the process and its children.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has already exited.
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Kill();
        _process.WaitForExit(ShutdownTimeout);
        _process.Dispose();
    }

    /// <summary>Sets the deadline of the current case; null if none is running.</summary>
    private void Arm(TimeSpan? time)
    {
        lock (_gate)
        {
            _deadline = time is { } some ? Stopwatch.GetTimestamp() + (long)(some.TotalSeconds * Stopwatch.Frequency) : long.MaxValue;
            _timer.Change(time ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private bool IsOverdue
    {
        get
        {
            lock (_gate)
            {
                return _overdue;
            }
        }
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

    /// <summary>Kills the process if it is still running, and describes how it exited.</summary>
    private string ExitReason()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            Kill();
        }

        _errorsRead.Wait(TimeSpan.FromSeconds(1));
        string said;
        lock (_errors)
        {
            said = _errors.ToString().Trim().Split('\n')[0].Trim();
        }

        string code = ExitCode()?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown";
        string reason = IsOverdue ? "it did not respond in time" : $"it ended with exit code {code}";
        return said.Length > 0 ? $"{reason} and wrote \"{said}\"" : reason;
    }

    private int? ExitCode() => _process.WaitForExit(ShutdownTimeout) ? _process.ExitCode : null;
}
