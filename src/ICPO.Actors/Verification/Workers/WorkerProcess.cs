using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// How a batch ended: how many cases have their verdict, and where the worker is gone, what that says about the next one.
/// </summary>
/// <param name="Answered">Cases from the front that were answered.</param>
/// <param name="Alive">The worker can go on.</param>
/// <param name="Fault">The verdict of the case in hand when the worker went; null where it may be tried again.</param>
/// <param name="Death">What is known of the worker's end.</param>
internal sealed record BatchEnd(int Answered, bool Alive, Judgment? Fault = null, string? Death = null);

/// <summary>
/// A worker process, used by one thread at a time. Reading blocks; what ends it is the answer, or the end of the process, which a timer
/// brings about when a case exceeds its time.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan Burial = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly VerifierPoolSettings _settings;
    private readonly Stream _input;
    private readonly BufferedStream _output;
    private readonly StringBuilder _errors = new();
    private readonly ManualResetEventSlim _saidAll = new();
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
                _saidAll.Set();
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
    /// <param name="started">Told as soon as there is a process, so that another thread can end it.</param>
    /// <exception cref="ArgumentException">It refused the settings.</exception>
    /// <exception cref="IOException">It did not start; the message is half a sentence that says why.</exception>
    public static WorkerProcess Start(VerifierPoolSettings settings, Action<WorkerProcess> started)
    {
        Process process;
        try
        {
            process = Process.Start(settings.Executable.StartInfo(settings.Memory)) ?? throw new IOException("no process was made");
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
                (WorkerFrames.Refused, var body) => throw new ArgumentException(body.ReadString()),
                _ => throw new IOException(worker.Death()),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            string death = worker.Death();
            worker.Dispose();
            throw new IOException(death, e);
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Judges cases in their order and answers each as soon as its verdict is there.</summary>
    public BatchEnd Judge(IReadOnlyList<VerifierCase> cases)
    {
        int answered = 0;
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
                    // Time ran out just before this answer was read: it counts, and the next case is not to blame.
                    return new(answered + 1, false, null, "it did not answer in time");
                }

                Arm(answered + 1 < cases.Count ? _settings.Timeout : null);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ObjectDisposedException)
        {
            // As if it had ended: it does so below.
        }

        if (answered == cases.Count)
        {
            // Overdue with the last answer already on its way: the answer counts, the process is gone.
            return new(answered, !IsOverdue);
        }

        string death = Death();
        return new(
            answered,
            false,
            IsOverdue ? Judgment.TimedOut($"no verdict within {_settings.Timeout.TotalSeconds} s; its process was ended")
                : ExitCode() == VerifierWorker.OutOfMemory
                    ? Judgment.Crashed($"the verdict needs more than the {_settings.Memory} MB of icpo.verification.memory")
                : null,
            death
        );
    }

    /// <summary>Ends the process and all that it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Kill();
        _process.WaitForExit(Burial);
        _process.Dispose();
    }

    /// <summary>Null: nothing is waited for.</summary>
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

    /// <summary>The timer may come early, or late for an earlier case: the deadline decides.</summary>
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

    /// <summary>Ends the process, if it has not ended, and says how it did.</summary>
    private string Death()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            Kill();
        }

        _saidAll.Wait(TimeSpan.FromSeconds(1));
        string said;
        lock (_errors)
        {
            said = _errors.ToString().Trim().Split('\n')[0].Trim();
        }

        return (
                IsOverdue
                    ? "it did not answer in time"
                    : $"it ended with exit code {ExitCode()?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}"
            ) + (said.Length > 0 ? $" and said \"{said}\"" : "");
    }

    private int? ExitCode() => _process.WaitForExit(Burial) ? _process.ExitCode : null;
}
