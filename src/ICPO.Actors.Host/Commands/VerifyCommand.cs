using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification;
using ICPO.Actors.Verification.Workers;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo verify</c>.</summary>
internal static class VerifyCommand
{
    private const int MostNamed = 10;

    private const string Schema = """
        In, one JSON object a line:
          gold         a string or a number; required
          prediction   the response, a string; required
          question     its text; optional (multiple-choice finds the options there)
          id           a string or a number; optional
          what icpo eval --responses writes beside these is passed over, so its file can be judged again
        Out, one JSON object a line, in the same order:
          id               as it came
          verdict          correct, wrong, unparseable (no answer), timed_out, crashed (both faults of the verifier or the gold answer)
          reward           0 to 1; null for a fault
          extracted        the answer that was found in the prediction, or null
          gold_extracted   the answer that was found in the gold answer, or null
          detail           why, for a person to read, or null
        A summary goes to the standard error. Exit code 1: a gold answer cannot be read, or a verdict is a fault.
        """;

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        Argument<string?> input = JsonLines.Input();
        var verifier = new Option<string>("--verifier")
        {
            Description = $"One of {string.Join(", ", VerifierRegistry.Names)} (--set verification.verifier=…).",
            HelpName = "NAME",
            DefaultValueFactory = _ => MathVerifier.VerifierName,
        };
        var workers = new Option<int?>("--workers")
        {
            Description = "Worker processes at most; one per core if left out (--set verification.parallel=…).",
            HelpName = "N",
        };
        var command = new ExampledCommand(
            "verify",
            "Judges predictions against gold answers, as training does.",
            "echo '{\"gold\": \"1/2\", \"prediction\": \"So the answer is 0.5.\"}' | icpo verify\nicpo verify answers.jsonl --verifier numeric --set verification.tolerance=0.01",
            Schema
        )
        {
            input,
            verifier,
            workers,
        };
        options.AddTo(command, withPreset: false);
        command.SetAction(
            async (parsed, _) =>
            {
                if (parsed.GetValue(workers) is { } count)
                {
                    EvalCommand.AtLeast(1, count, "--workers");
                }

                // A name on the command line wins; its default gives way to configuration that says something else.
                bool named = parsed.GetResult(verifier) is { Implicit: false };
                IcpoConfiguration configuration = options.Load(parsed);
                bool configured = configuration.Entries.Any(e => e.Key == "icpo.verification.verifier" && e.Source != "reference");
                VerificationSettings settings = configuration
                    .With([
                        .. named || !configured
                            ? new KeyValuePair<string, string>[] { new("verification.verifier", parsed.GetValue(verifier)!) }
                            : [],
                        .. parsed.GetValue(workers) is { } some
                            ? new KeyValuePair<string, string>[]
                            {
                                new("verification.parallel", some.ToString(CultureInfo.InvariantCulture)),
                            }
                            : [],
                    ])
                    .Settings.Verification;
                var tally = new Tally();
                IVerifier judge = RunVerifiers.Create(settings, [], note => terminal.Error.WriteLine($"icpo: {note}"));
                try
                {
                    await JsonLines.TurnAsync(
                        parsed.GetValue(input),
                        terminal,
                        (line, place, token) => JudgeAsync(judge, settings.Timeout, line, place, tally, token),
                        (judge as VerifierPool)?.InFlight * 2 ?? 16,
                        signals.Token
                    );
                }
                finally
                {
                    if (judge is VerifierPool pool)
                    {
                        await pool.DisposeAsync();
                    }
                }

                terminal.Error.WriteLine(tally.Sentence());
                return tally.IsClean ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static async Task<JsonObject> JudgeAsync(
        IVerifier verifier,
        TimeSpan timeout,
        JsonObject line,
        string place,
        Tally tally,
        CancellationToken cancellation
    )
    {
        JsonLines.Require(line, ["gold", "prediction", "question", "id", .. ResponseFile.Results]);
        JsonNode? id = line["id"]?.DeepClone();
        var question = new Question
        {
            Id = id?.ToString() ?? place,
            Text = JsonLines.Get<string>(line, "question", "a string") ?? "",
            Answer =
                line["gold"] is JsonValue gold
                && gold.GetValueKind() is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number
                    ? gold.ToString()
                    : throw new InvalidDataException("gold must be a string or a number."),
        };
        string prediction = JsonLines.Get<string>(line, "prediction", "a string")
            ?? throw new InvalidDataException("prediction is missing.");
        GoldAnswer? read = (verifier as IGoldReader)?.ReadGold(question);
        Judgement judgement = await verifier.JudgeAsync(question, prediction, FinishReason.Stop, timeout, cancellation);
        tally.Add(judgement.Verdict, read?.Problem is null ? null : place);
        return new()
        {
            ["id"] = id,
            ["verdict"] = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(judgement.Verdict.ToString()),
            ["reward"] = judgement.Reward,
            ["extracted"] = judgement.Extracted,
            ["gold_extracted"] = read?.Extracted,
            ["detail"] = judgement.Detail ?? read?.Problem,
        };
    }

    /// <summary>What was said how often, and which gold answers could not be read.</summary>
    private sealed class Tally
    {
        private readonly Lock _gate = new();
        private readonly SortedDictionary<Verdict, int> _verdicts = [];
        private readonly List<string> _unread = [];

        public bool IsClean => _unread.Count == 0 && !_verdicts.Keys.Any(v => v is Verdict.TimedOut or Verdict.Crashed);

        public void Add(Verdict verdict, string? unread)
        {
            lock (_gate)
            {
                _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;
                if (unread is not null)
                {
                    _unread.Add(unread);
                }
            }
        }

        public string Sentence()
        {
            string verdicts = string.Join(
                ", ",
                _verdicts.Select(v =>
                    $"{v.Value} {System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(v.Key.ToString()).Replace('_', ' ')}"
                )
            );
            string unread =
                _unread.Count == 0
                    ? ""
                    : $" {_unread.Count} gold answers cannot be read: {string.Join(", ", _unread.OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal).Take(MostNamed))}{(_unread.Count > MostNamed ? ", …" : "")}.";
            return $"icpo: {_verdicts.Values.Sum()} judged{(verdicts.Length > 0 ? ": " + verdicts : "")}.{unread}";
        }
    }
}
