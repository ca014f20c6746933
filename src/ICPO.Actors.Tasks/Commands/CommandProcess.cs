using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Commands;

/// <summary>The settings of a process.</summary>
/// <param name="Command">How it starts.</param>
/// <param name="Rewards">Its rewards.</param>
/// <param name="Timeout">The time for one case.</param>
internal sealed record CommandParts(CommandSettings Command, RewardScale Rewards, TimeSpan Timeout);

/// <summary>
/// A process that reads a case as a line of JSON and answers with a line of JSON, one case at a time. Whatever else it writes, or does not
/// write, is a fault.
/// </summary>
internal sealed class CommandProcess : IJudgeProcess
{
    /// <summary>Longest answer, in bytes.</summary>
    public const int MaxLine = 1 << 20;

    private readonly SupervisedProcess _process;
    private readonly CommandParts _parts;
    private readonly LineExchange _exchange;
    private bool _answers;

    private CommandProcess(SupervisedProcess process, CommandParts parts)
    {
        (_process, _parts) = (process, parts);
        _exchange = new LineExchange(process.Input, process.Output, MaxLine);
        process.Killed += _exchange.Stop;
    }

    public int Id => _process.Id;

    /// <exception cref="ArgumentException">The program does not exist.</exception>
    /// <exception cref="IOException">It did not start; the message is a clause that states the reason.</exception>
    public static CommandProcess Start(CommandParts parts, Action<IJudgeProcess> started)
    {
        var process = new CommandProcess(SupervisedProcess.Start(CommandLine.StartInfo(parts.Command), reportsLastLine: true), parts);
        started(process);
        return process;
    }

    public BatchEnd Judge(IReadOnlyList<VerifierCase> cases)
    {
        for (int i = 0; i < cases.Count; i++)
        {
            VerifierCase one = cases[i];
            if (Judge(RewardCase.Create(one.Question, one.Response, one.Finish), one) is { } end)
            {
                return end with { Answered = i };
            }
        }

        return new(cases.Count, Alive: true);
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    /// <summary>Null if the case has its verdict and the process can continue.</summary>
    private BatchEnd? Judge(RewardCase asked, VerifierCase one)
    {
        TimeSpan time = _parts.Timeout + (_answers ? TimeSpan.Zero : _parts.Command.StartTimeout);
        _process.Arm(time);
        try
        {
            if (_exchange.Ask(asked.ToLine()) is not { } answer)
            {
                return Ended(time);
            }

            Judgment judgment = Read(answer, asked);
            _process.Arm(null);
            if (_process.IsOverdue)
            {
                return Ended(time);
            }

            _answers = true;
            one.Answer(judgment);
            return null;
        }
        catch (InvalidDataException e)
        {
            Kill();
            return new(0, Alive: false, Judgment.Crashed($"it sent {e.Message}; its process was replaced"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return Ended(time);
        }
    }

    private Judgment Read(ReadOnlyMemory<byte> line, RewardCase asked)
    {
        JsonElement answer = RewardAnswer.Parse(line);
        return RewardAnswer.Id(answer) switch
        {
            null => throw new InvalidDataException("an answer without the \"id\" of its case"),
            var id when id != asked.Id => throw new InvalidDataException("an answer with the \"id\" of another case"),
            _ => RewardAnswer.Read(answer, _parts.Rewards),
        };
    }

    /// <summary>The process has exited, or was killed at the deadline.</summary>
    private BatchEnd Ended(TimeSpan time)
    {
        string reason = _process.ExitReason();
        return new(
            0,
            Alive: false,
            _process.IsOverdue ? Judgment.TimedOut($"no answer within {time.TotalSeconds} s; its process was killed") : null,
            reason
        );
    }
}
