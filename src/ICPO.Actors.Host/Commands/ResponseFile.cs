using System.Diagnostics;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Evaluation;

namespace ICPO.Actors.Host.Commands;

/// <summary>
/// Hears every response of an evaluation: writes it to a file at once, so that it can be looked at before the end and <c>icpo verify</c>
/// can judge it again, and
/// tells now and then how far things are.
/// </summary>
/// <param name="path">JSON lines; null writes none.</param>
/// <param name="note">Is told how far things are.</param>
internal sealed class ResponseFile(string? path, Action<string> note) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly StreamWriter? _lines = path is null ? null : new(path) { AutoFlush = true };
    private readonly Lock _gate = new();
    private long _told = Stopwatch.GetTimestamp();
    private int _judged;
    private int _right;
    private string? _benchmark;

    /// <summary>The keys beside id, question, gold and prediction.</summary>
    public static string[] Results { get; } = ["benchmark", "verdict", "reward", "extracted", "detail", "finish", "tokens"];

    public void Hear(JudgedResponse response)
    {
        lock (_gate)
        {
            _lines?.WriteLine(
                JsonLines.Line(
                    new()
                    {
                        ["id"] = response.Question.Id,
                        ["benchmark"] = _benchmark,
                        ["question"] = response.Question.Text,
                        ["gold"] = response.Question.Answer,
                        ["prediction"] = response.Response,
                        ["verdict"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(response.Judgement.Verdict.ToString()),
                        ["reward"] = response.Judgement.Reward,
                        ["extracted"] = response.Judgement.Extracted,
                        ["detail"] = response.Judgement.Detail,
                        ["finish"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(response.Finish.ToString()),
                        ["tokens"] = response.Tokens,
                    }
                )
            );
            _judged++;
            _right += response.Judgement.Verdict == Verdict.Correct ? 1 : 0;
            if (Stopwatch.GetElapsedTime(_told) >= Pause)
            {
                _told = Stopwatch.GetTimestamp();
                note($"{(_benchmark is null ? "" : $"{_benchmark}: ")}{_judged} responses so far, {_right} of them right");
            }
        }
    }

    /// <summary>Goes on with another data set.</summary>
    public void Begin(string benchmark)
    {
        lock (_gate)
        {
            (_benchmark, _judged, _right) = (benchmark, 0, 0);
        }
    }

    public void Dispose() => _lines?.Dispose();
}
