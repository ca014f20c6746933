using System.Diagnostics;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Evaluation;

namespace ICPO.Actors.Host.Commands;

/// <summary>
/// Receives every response of an evaluation. Writes it to a file immediately, so that it can be inspected before the end and verified again
/// by <c>icpo verify</c>, and reports progress from time to time.
/// </summary>
/// <param name="path">JSON lines; null writes none.</param>
/// <param name="report">Receives progress messages.</param>
internal sealed class ResponseLog(string? path, Action<string> report) : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);

    private readonly StreamWriter? _lines = path is null ? null : new(path) { AutoFlush = true };
    private readonly Lock _gate = new();
    private long _reported = Stopwatch.GetTimestamp();
    private int _verified;
    private int _correct;
    private string? _benchmark;

    /// <summary>The keys of a line other than id, question, gold and prediction.</summary>
    public static string[] ResultKeys { get; } = ["benchmark", "verdict", "reward", "extracted", "detail", "finish", "tokens"];

    public void Add(JudgedResponse response)
    {
        lock (_gate)
        {
            _lines?.WriteLine(
                JsonOutput.ToLine(
                    new System.Text.Json.Nodes.JsonObject
                    {
                        ["id"] = response.Question.Id,
                        ["benchmark"] = _benchmark,
                        ["question"] = response.Question.Text,
                        ["gold"] = response.Question.Answer,
                        ["prediction"] = response.Response,
                        ["verdict"] = JsonOutput.Name(response.Judgment.Verdict),
                        ["reward"] = response.Judgment.Reward,
                        ["extracted"] = response.Judgment.Extracted,
                        ["detail"] = response.Judgment.Detail,
                        ["finish"] = JsonOutput.Name(response.Finish),
                        ["tokens"] = response.Tokens,
                    }
                )
            );
            _verified++;
            _correct += response.Judgment.Verdict == Verdict.Correct ? 1 : 0;
            if (Stopwatch.GetElapsedTime(_reported) >= ReportInterval)
            {
                _reported = Stopwatch.GetTimestamp();
                report($"{(_benchmark is null ? "" : $"{_benchmark}: ")}{_verified} responses so far, {_correct} of them correct");
            }
        }
    }

    /// <summary>Restarts the counts for another data set.</summary>
    public void StartBenchmark(string benchmark)
    {
        lock (_gate)
        {
            (_benchmark, _verified, _correct) = (benchmark, 0, 0);
        }
    }

    public void Dispose() => _lines?.Dispose();
}
