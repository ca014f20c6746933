using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo eval</c>.</summary>
internal sealed class EvalCommand(Terminal terminal, StopSignals signals)
{
    private const int DefaultQuestions = 500;

    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string?> _model = ModelOptions.Model();
    private readonly Option<string?> _adapter = ModelOptions.Adapter();
    private readonly Option<int?> _questions = new("--questions", "-q")
    {
        Description = $"Maximum number of questions; {DefaultQuestions} if omitted, for a benchmark all.",
        HelpName = "N",
    };
    private readonly Option<int> _samples = CommonOptions.Samples("Responses per question; pass@k is reported for k up to this number.", 1);
    private readonly Option<int> _demonstrations = new("--demonstrations", "-k")
    {
        Description = "Solved examples before each question; 0 is zero-shot.",
        HelpName = "K",
    };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _benchmark = new("--benchmark", "-b")
    {
        Description = $"Data sets, separated by commas: {string.Join(", ", IcpoConfiguration.Datasets)}.",
        HelpName = "NAMES",
    };
    private readonly Option<string[]> _data = new("--data", "-d")
    {
        Description = "NAME=FILE for one benchmark, or the directory of all benchmarks (evaluation.data-directory); may be repeated.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Write Markdown (benchmarks only)." };
    private readonly Option<bool> _training = new("--training")
    {
        Description = "Use training questions instead of held-out ones, to measure pass rates.",
    };
    private readonly Option<string?> _perQuestion = new("--per-question")
    {
        Description = "Write id, samples, correct and pass_rate of each question as JSON lines (for task.jsonl.pass-rate-path).",
        HelpName = "FILE",
    };
    private readonly Option<string?> _responses = new("--responses")
    {
        Description = "Write each response with its verdict as JSON lines, as soon as it is verified (icpo verify can verify them again).",
        HelpName = "FILE",
    };

    public static Command Create(Terminal terminal, StopSignals signals) => new EvalCommand(terminal, signals).Create();

    private CommandWithExamples Create()
    {
        var command = new CommandWithExamples(
            "eval",
            "Measures accuracy and pass@k of a model on held-out questions of a task or a benchmark.",
            [
                "icpo eval --model runs/mine/checkpoints/update-000150 --samples 8",
                "icpo eval --model models/base.gguf --adapter runs/lora/checkpoints/update-000150",
                "icpo eval --demonstrations 2 --set task.symbol-rules.selection=random --json",
                "icpo eval --model PATH --benchmark gsm8k,math500 --samples 4 --data data --markdown --responses responses.jsonl",
                "icpo eval --model PATH --training --samples 8 --per-question rates.jsonl --config mine.conf",
            ]
        )
        {
            _model,
            _adapter,
            _questions,
            _samples,
            _demonstrations,
            _json,
            _benchmark,
            _data,
            _markdown,
            _training,
            _perQuestion,
            _responses,
        };
        _configuration.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task RunAsync(ParseResult parsed)
    {
        UsageException.ThrowIfLess(parsed.GetValue(_questions) ?? 1, 1, "--questions");
        UsageException.ThrowIfLess(parsed.GetValue(_samples), 1, "--samples");
        UsageException.ThrowIfLess(parsed.GetValue(_demonstrations), 0, "--demonstrations");
        using var log = new ResponseLog(parsed.GetValue(_responses), terminal.WriteError);
        if (parsed.GetValue(_benchmark) is { } names)
        {
            if (parsed.GetValue(_training))
            {
                throw new UsageException("--training cannot be combined with --benchmark; it uses the questions of task.jsonl.path.");
            }

            await EvaluateBenchmarksAsync(parsed, CommonOptions.SplitList(names), log);
            return;
        }

        if (parsed.GetValue(_markdown) || parsed.GetResult(_data) is not null)
        {
            throw new UsageException("--data and --markdown require --benchmark; for your own file set task.jsonl.held-out-path.");
        }

        await EvaluateTaskAsync(parsed, log);
    }

    private async Task EvaluateBenchmarksAsync(ParseResult parsed, string[] names, ResponseLog log)
    {
        Dictionary<string, string> files = BenchmarkFiles.Parse(parsed.GetValue(_data) ?? []);
        string[] overrides = ModelOptions.Overrides(parsed, _model, _adapter);
        Benchmark[] benchmarks =
        [
            .. names
                .Distinct()
                .Select(name => Benchmark.Find(name, files, values => _configuration.Load(parsed, [.. overrides, .. values]).Settings)),
        ];
        List<BenchmarkReport> reports = [];
        await using ModelSession session = benchmarks is [var first, ..]
            ? ModelSession.Open(first.Settings, task: first.Task)
            : throw new UsageException("--benchmark: the list is empty.");
        session.Judged = log.Add;
        foreach (Benchmark benchmark in benchmarks)
        {
            log.StartBenchmark(benchmark.Name);
            reports.Add(
                await benchmark.MeasureAsync(
                    session,
                    parsed.GetValue(_questions) ?? int.MaxValue,
                    parsed.GetValue(_samples),
                    parsed.GetValue(_demonstrations),
                    terminal.WriteError,
                    signals.Token
                )
            );
        }

        EvaluationOutput.WritePassRates(
            parsed.GetValue(_perQuestion),
            reports.SelectMany(r => r.Report.Questions.Select(q => ((string?)r.Name, q)))
        );
        terminal.Out.Write(Text(parsed, reports));
    }

    private string Text(ParseResult parsed, IReadOnlyList<BenchmarkReport> reports)
    {
        if (parsed.GetValue(_json))
        {
            return JsonOutput.ToText(JsonOutput.Array(reports, r => r.Json())) + Environment.NewLine;
        }

        return parsed.GetValue(_markdown) ? BenchmarkReport.Markdown(reports) : AccuracyTables.Create(reports);
    }

    private async Task EvaluateTaskAsync(ParseResult parsed, ResponseLog log)
    {
        RunSettings settings = _configuration.Load(parsed, ModelOptions.Overrides(parsed, _model, _adapter)).Settings;
        await using var session = ModelSession.Open(settings);
        session.Judged = log.Add;
        int count = parsed.GetValue(_questions) ?? DefaultQuestions;
        ImmutableArray<Question> questions = parsed.GetValue(_training)
            ? ModelSession.Training(settings, session.Task, count)
            : session.Task.HeldOut(settings.Seed, count);
        string? first = session.FirstPromptNote(session.Task, questions);
        terminal.WriteNotes([.. session.Notes, .. first is null ? Array.Empty<string>() : [first]]);
        (int samples, int demonstrations) = (parsed.GetValue(_samples), parsed.GetValue(_demonstrations));
        EvaluationPlan plan = ModelSession.Plan(settings, questions) with { Samples = samples, Demonstrations = demonstrations };
        EvaluationReport report = await session.EvaluateAsync(plan, signals.Token);
        EvaluationOutput.WritePassRates(parsed.GetValue(_perQuestion), report.Questions.Select(q => ((string?)null, q)));
        if (parsed.GetValue(_json))
        {
            terminal.Out.WriteLine(JsonOutput.ToText(EvaluationOutput.ToJson(report)));
        }
        else
        {
            terminal.Out.Write(AccuracyTables.Create(report));
        }
    }
}
