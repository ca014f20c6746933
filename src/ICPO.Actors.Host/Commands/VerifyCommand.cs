using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo verify</c>.</summary>
internal sealed class VerifyCommand(Terminal terminal, StopSignals signals)
{
    private const int DefaultConcurrency = 16;

    private const string Schema = """
        Input, one JSON object per line:
          gold         the gold answer, a string or a number; required
          prediction   the response, a string; required
          question     the text of the question; optional (multiple-choice reads the options from it)
          id           a string or a number; optional
          Other keys that icpo eval --responses writes are ignored, so its file can be verified again.
        Output, one JSON object per line, in the same order:
          id               the id of the input
          verdict          correct, wrong, unparseable (no answer found), timed_out or crashed (the verifier or the gold answer failed)
          reward           0 to 1; null if the verifier failed
          extracted        the answer found in the prediction, or null
          gold_extracted   the answer found in the gold answer, or null
          detail           an explanation, or null
        A summary is written to standard error. Exit code 1 if a gold answer is invalid or a verdict is timed_out or crashed.
        """;

    private readonly ConfigurationOptions _configuration = new();
    private readonly Argument<string?> _input = CommonOptions.JsonInput();
    private readonly Option<string> _verifier = new("--verifier")
    {
        Description = $"One of {string.Join(", ", VerifierRegistry.Names)} (--set verification.verifier=…).",
        HelpName = "NAME",
        DefaultValueFactory = _ => MathVerifier.VerifierName,
    };
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "Maximum number of worker processes; one per core if omitted (--set verification.parallel=…).",
        HelpName = "N",
    };

    public static Command Create(Terminal terminal, StopSignals signals) => new VerifyCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "verify",
            "Verifies predictions against gold answers, as training does.",
            [
                "echo '{\"gold\": \"1/2\", \"prediction\": \"So the answer is 0.5.\"}' | icpo verify",
                "icpo verify answers.jsonl --verifier numeric --set verification.tolerance=0.01",
            ],
            Schema
        )
        {
            _input,
            _verifier,
            _workers,
        };
        _configuration.AddTo(command, withPreset: false);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        VerificationSettings settings = LoadSettings(parsed);
        var tally = new VerdictTally();
        IVerifier verifier = RunVerifiers.Create(settings, [], terminal.WriteError);
        (verifier as IStartCheck)?.RequireStartable();
        try
        {
            await JsonLineProcessor.ProcessAsync(
                parsed.GetValue(_input),
                terminal,
                (line, place, token) => VerifyAsync(verifier, settings.Timeout, new VerifyLine(line, place), tally, token),
                verifier.Concurrency * 2 ?? DefaultConcurrency,
                signals.Token
            );
        }
        finally
        {
            if (verifier is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        terminal.WriteError(tally.Summary());
        return tally.IsClean ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The option --verifier takes precedence over the configuration, and the configuration over the option's default.</summary>
    private VerificationSettings LoadSettings(ParseResult parsed)
    {
        int? workers = parsed.GetValue(_workers);
        UsageException.ThrowIfLess(workers ?? 1, 1, "--workers");
        IcpoConfiguration configuration = _configuration.Load(parsed);
        bool isGiven = parsed.GetResult(_verifier) is { Implicit: false };
        bool isConfigured = configuration.Entries.Any(e => e.Key == "icpo.verification.verifier" && e.Source != "reference");
        Dictionary<string, string> overrides = [];
        if (isGiven || !isConfigured)
        {
            overrides["verification.verifier"] = parsed.GetRequiredValue(_verifier);
        }

        if (workers is { } count)
        {
            overrides["verification.parallel"] = count.ToString(CultureInfo.InvariantCulture);
        }

        return configuration.With(overrides).Settings.Verification;
    }

    private static async Task<JsonObject> VerifyAsync(
        IVerifier verifier,
        TimeSpan timeout,
        VerifyLine input,
        VerdictTally tally,
        CancellationToken cancellation
    )
    {
        (JsonNode? id, Question question, string prediction) = input.Read();
        GoldAnswer? gold = (verifier as IGoldReader)?.ReadGold(question);
        Judgment judgment = await verifier.JudgeAsync(question, prediction, FinishReason.Stop, timeout, cancellation);
        tally.Add(judgment.Verdict, gold?.Problem is null ? null : input.Place);
        return new()
        {
            ["id"] = id,
            ["verdict"] = JsonOutput.Name(judgment.Verdict),
            ["reward"] = judgment.Reward,
            ["extracted"] = judgment.Extracted,
            ["gold_extracted"] = gold?.Extracted,
            ["detail"] = judgment.Detail ?? gold?.Problem,
        };
    }

    /// <summary>A line of the input and its place, file and line number.</summary>
    private sealed record VerifyLine(JsonObject Line, string Place)
    {
        public (JsonNode? Id, Question Question, string Prediction) Read()
        {
            JsonFields.RequireKnown(Line, ["gold", "prediction", "question", "id", .. ResponseLog.ResultKeys]);
            JsonNode? id = Line["id"]?.DeepClone();
            bool isValid = Line["gold"]?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number;
            var question = new Question
            {
                Id = id?.ToString() ?? Place,
                Text = JsonFields.Get<string>(Line, "question", "a string") ?? "",
                Answer = isValid ? Line["gold"]!.ToString() : throw new InvalidDataException("gold must be a string or a number."),
            };
            string prediction = JsonFields.Get<string>(Line, "prediction", "a string")
                ?? throw new InvalidDataException("prediction is missing.");
            return (id, question, prediction);
        }
    }
}
