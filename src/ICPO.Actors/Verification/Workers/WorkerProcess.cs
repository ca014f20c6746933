using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Verification.Workers;

/// <summary>A worker process with the protocol of <see cref="WorkerFrames"/>, used by one thread at a time.</summary>
internal sealed class WorkerProcess : IJudgeProcess
{
    private readonly SupervisedProcess _process;
    private readonly VerifierPoolSettings _settings;
    private readonly BufferedStream _output;

    private WorkerProcess(SupervisedProcess process, VerifierPoolSettings settings)
    {
        (_process, _settings) = (process, settings);
        _output = new BufferedStream(process.Output, 1 << 16);
    }

    public int Id => _process.Id;

    /// <summary>Starts a worker and waits until it is ready.</summary>
    /// <param name="started">Called as soon as the process exists, so that another thread can kill it.</param>
    /// <exception cref="ArgumentException">It refused the settings.</exception>
    /// <exception cref="IOException">It did not start; the message is a clause that states the reason.</exception>
    public static WorkerProcess Start(VerifierPoolSettings settings, Action<IJudgeProcess> started)
    {
        var process = SupervisedProcess.Start(settings.Executable.StartInfo(settings.Memory), reportsLastLine: false);
        var worker = new WorkerProcess(process, settings);
        started(worker);
        try
        {
            process.Arm(settings.StartTimeout);
            WorkerFrames.Write(process.Input, WorkerFrames.Configure, writer =>
            {
                writer.Write(settings.Verifier);
                writer.Write(JsonSerializer.Serialize(settings.Settings));
                writer.Write(JsonSerializer.Serialize(settings.Task));
            });
            (byte Kind, BinaryReader Body)? answer = WorkerFrames.Read(worker._output);
            process.Arm(null);
            return answer switch
            {
                (WorkerFrames.Ready, _) => worker,
                (WorkerFrames.Refused, var body) => throw new ArgumentException(WorkerFrames.ReadMessage(body)),
                _ => throw new IOException(process.ExitReason()),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            string reason = process.ExitReason();
            worker.Dispose();
            throw new IOException(reason, e);
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    public BatchEnd Judge(IReadOnlyList<VerifierCase> cases)
    {
        int answered = 0;
        string? broken = null;
        try
        {
            _process.Arm(_settings.Timeout);
            WorkerFrames.Write(_process.Input, WorkerFrames.Cases, writer =>
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
                if (_process.IsOverdue)
                {
                    // The deadline passed just before this answer was read: the answer counts, and the next case is not at fault.
                    return new(answered + 1, false, null, "it did not respond in time");
                }

                _process.Arm(answered + 1 < cases.Count ? _settings.Timeout : null);
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
            return new(answered, !_process.IsOverdue);
        }

        string reason = _process.ExitReason();
        return new(answered, false, Fault(), broken ?? reason);
    }

    /// <summary>The verdict of the case that was being judged; null if the worker exited for an unknown reason.</summary>
    private Judgment? Fault()
    {
        if (_process.IsOverdue)
        {
            return Judgment.TimedOut($"no verdict within {_settings.Timeout.TotalSeconds} s; its process was killed");
        }

        return _process.ExitCode() == VerifierWorker.OutOfMemory
            ? Judgment.Crashed($"the verdict needs more than the {_settings.Memory} MB of icpo.verification.memory")
            : null;
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.Dispose();
        _process.Input.Dispose();
        _output.Dispose();
    }
}
