using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Evaluation;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Views;
using ICPO.DataFiles;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo eval</c>.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        Option<string?> model = ModelOptions.Model();
        var questions = new Option<int?>("--questions", "-q")
        {
            Description = "Questions at most; 500 if left out, all of a benchmark.",
            HelpName = "N",
        };
        Option<string?> adapter = ModelOptions.Adapter();
        var samples = new Option<int>("--samples", "-n")
        {
            Description = "Responses per question; pass@k is told for k up to this.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var demonstrations = new Option<int>("--demonstrations", "-k")
        {
            Description = "Solved examples before each question; 0 is zero-shot.",
            HelpName = "K",
        };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var benchmark = new Option<string?>("--benchmark", "-b")
        {
            Description = $"Data sets, with commas between: {string.Join(", ", IcpoConfiguration.Datasets)}.",
            HelpName = "NAMES",
        };
        var data = new Option<string[]>("--data", "-d")
        {
            Description = "NAME=FILE of a benchmark, or the directory of all (evaluation.data-directory); may be repeated.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var markdown = new Option<bool>("--markdown") { Description = "Writes Markdown (benchmarks only)." };
        var training = new Option<bool>("--training")
        {
            Description = "Asks training questions instead of held-out ones, to measure pass rates.",
        };
        var perQuestion = new Option<string?>("--per-question")
        {
            Description = "Writes id, samples, correct and pass_rate of each question, JSON lines (task.jsonl.pass-rate-path reads them).",
            HelpName = "FILE",
        };
        var responses = new Option<string?>("--responses")
        {
            Description = "Writes every response with its verdict as soon as it is judged, JSON lines (icpo verify judges them again).",
            HelpName = "FILE",
        };
        var command = new ExampledCommand(
            "eval",
            "Accuracy and pass@k of a model on held-out questions of a task.",
            "icpo eval --model runs/mine/checkpoints/update-000150 --samples 8\nicpo eval --model models/base.gguf --adapter runs/lora/checkpoints/update-000150\nicpo eval --demonstrations 2 --set task.symbol-rules.selection=random --json\nicpo eval --model PATH --benchmark gsm8k,math500 --samples 4 --data data --markdown --responses responses.jsonl\nicpo eval --model PATH --training --samples 8 --per-question rates.jsonl --config mine.conf"
        )
        {
            model,
            adapter,
            questions,
            samples,
            demonstrations,
            json,
            benchmark,
            data,
            markdown,
            training,
            perQuestion,
            responses,
        };
        options.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                AtLeast(1, parsed.GetValue(questions) ?? 1, "--questions");
                AtLeast(1, parsed.GetValue(samples), "--samples");
                AtLeast(0, parsed.GetValue(demonstrations), "--demonstrations");
                using var heard = new ResponseFile(parsed.GetValue(responses), Note);
                string[] shortcuts = ModelOptions.Overrides(parsed, model, adapter);
                if (parsed.GetValue(benchmark) is { } names)
                {
                    if (parsed.GetValue(training))
                    {
                        throw new UsageException("--training asks the questions of task.jsonl.path; leave out --benchmark.");
                    }

                    Dictionary<string, string> files = Files(parsed.GetValue(data) ?? []);
                    ImmutableArray<Benchmark> benchmarks =
                    [
                        .. names
                            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                            .Distinct()
                            .Select(name =>
                                Benchmark.Find(name, files, values => options.Load(parsed, [.. shortcuts, .. values]).Settings)
                            ),
                    ];
                    List<BenchmarkReport> reports = [];
                    await using ModelSession asked = benchmarks is [var first, ..]
                        ? ModelSession.Open(first.Settings, task: first.Task)
                        : throw new UsageException("--benchmark names none.");
                    asked.Judged = heard.Hear;
                    foreach (Benchmark one in benchmarks)
                    {
                        heard.Begin(one.Name);
                        reports.Add(
                            await one.MeasureAsync(
                                asked,
                                parsed.GetValue(questions) ?? int.MaxValue,
                                parsed.GetValue(samples),
                                parsed.GetValue(demonstrations),
                                Note,
                                signals.Token
                            )
                        );
                    }

                    WriteQuestions(
                        parsed.GetValue(perQuestion),
                        reports.SelectMany(r => r.Report.Questions.Select(q => ((string?)r.Name, q)))
                    );
                    terminal.Out.Write(
                        parsed.GetValue(json)
                            ? new JsonArray([.. reports.Select(r => r.Json())]).ToJsonString(JsonOutput.Indented) + Environment.NewLine
                        : parsed.GetValue(markdown) ? BenchmarkReport.Markdown(reports)
                        : Tables(reports)
                    );
                    return;
                }

                if (parsed.GetValue(markdown) || parsed.GetResult(data) is not null)
                {
                    throw new UsageException(
                        "--data and --markdown belong to --benchmark; a file of your own is task.jsonl.held-out-path."
                    );
                }

                RunSettings settings = options.Load(parsed, shortcuts).Settings;
                await using var session = ModelSession.Open(settings);
                session.Judged = heard.Hear;
                foreach (string note in session.Notes)
                {
                    Note(note);
                }

                int count = parsed.GetValue(questions) ?? 500;
                EvaluationReport report = parsed.GetValue(training)
                    ? await session.EvaluateAsync(
                        settings,
                        session.Task,
                        ModelSession.Training(settings, session.Task, count),
                        parsed.GetValue(samples),
                        parsed.GetValue(demonstrations),
                        signals.Token
                    )
                    : await session.EvaluateAsync(count, parsed.GetValue(samples), parsed.GetValue(demonstrations), signals.Token);
                WriteQuestions(parsed.GetValue(perQuestion), report.Questions.Select(q => ((string?)null, q)));
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(Json(report).ToJsonString(JsonOutput.Indented));
                }
                else
                {
                    Say(report, terminal.Out);
                }
            }
        );
        return command;

        void Note(string text) => terminal.Error.WriteLine($"icpo: {text}");
    }

    /// <summary>NAME=FILE by name; a path alone under the empty name.</summary>
    private static Dictionary<string, string> Files(string[] given)
    {
        Dictionary<string, string> files = [];
        foreach (string text in given)
        {
            int equals = text.IndexOf('=');
            bool isNamed = equals > 0 && IcpoConfiguration.Datasets.Contains(text[..equals]);
            string path = isNamed ? text[(equals + 1)..] : text;
            if (!DataFile.Exists(path))
            {
                throw new UsageException($"--data {text}: there is no such file or directory.");
            }

            if (!files.TryAdd(isNamed ? text[..equals] : "", path))
            {
                throw new UsageException($"--data {text}: it was given before; write NAME=FILE for each benchmark.");
            }
        }

        return files;
    }

    private static void WriteQuestions(string? path, IEnumerable<(string? Benchmark, EvaluatedQuestion Question)> questions)
    {
        if (path is not null)
        {
            File.WriteAllLines(
                path,
                questions
                    .Where(q => q.Question.Samples > 0)
                    .Select(q =>
                    {
                        JsonObject line = new()
                        {
                            ["id"] = q.Question.Id,
                            ["samples"] = q.Question.Samples,
                            ["correct"] = q.Question.Correct,
                            ["pass_rate"] = (double)q.Question.Correct / q.Question.Samples,
                        };
                        if (q.Benchmark is { } name)
                        {
                            line["benchmark"] = name;
                        }

                        return JsonLines.Line(line);
                    })
            );
        }
    }

    private static string Tables(IEnumerable<BenchmarkReport> reports)
    {
        var text = new StringWriter();
        foreach (BenchmarkReport report in reports)
        {
            text.WriteLine($"{report.Name}, {report.Samples} response{(report.Samples == 1 ? "" : "s")} each ({report.File})");
            text.WriteLine(report.Conditions?.Sentence());
            text.WriteLine(
                $"{"questions", -32} {"n", 6} {"avg", 8}  {"95 % interval", -18}{string.Concat(report.Lines()[0].PassAtK.Keys.Where(k => k > 1).Select(k => $"{$"pass@{k}", 10}"))}"
            );
            foreach (BenchmarkLine line in report.Lines())
            {
                text.WriteLine(
                    $"{line.Name, -32} {line.Questions, 6} {Sentences.Percent(line.Average.Value), 8}  {$"{Sentences.Percent(line.Average.Interval.Low)} to {Sentences.Percent(line.Average.Interval.High)}", -18}"
                        + string.Concat(line.PassAtK.Where(p => p.Key > 1).Select(p => $"{Sentences.Percent(p.Value.Value), 10}"))
                );
            }

            if (report.Report.Faults > 0)
            {
                text.WriteLine($"The verifier failed on {report.Report.Faults} responses; they are left out.");
            }
        }

        return text.ToString();
    }

    internal static void AtLeast(int least, int value, string option)
    {
        if (value < least)
        {
            throw new UsageException($"{option} {value}: it must be a whole number from {least} up.");
        }
    }

    private static void Say(EvaluationReport report, TextWriter output)
    {
        AccuracyReport accuracy = report.Accuracy();
        output.WriteLine($"{"questions", -24} {"n", 6} {"accuracy", 10}  95 % interval");
        Row("all", accuracy.Overall);
        foreach ((string tag, Accuracy share) in accuracy.ByTag)
        {
            Row(tag, share);
        }

        foreach ((int k, double share) in accuracy.PassAtK.Where(p => p.Key > 1))
        {
            output.WriteLine($"{$"pass@{k}", -24} {report.Questions.Length, 6} {Sentences.Percent(share), 10}");
        }

        if (report.Faults > 0)
        {
            output.WriteLine($"The verifier failed on {report.Faults} of {report.Samples + report.Faults} responses; they are left out.");
        }

        void Row(string name, Accuracy share) =>
            output.WriteLine(
                $"{name, -24} {share.Questions, 6} {Sentences.Percent(share.Value), 10}  {Sentences.Percent(share.Interval.Low)} to {Sentences.Percent(share.Interval.High)}"
            );
    }

    private static JsonObject Json(EvaluationReport report)
    {
        AccuracyReport accuracy = report.Accuracy();
        return new JsonObject
        {
            ["questions"] = report.Questions.Length,
            ["samples"] = report.Samples,
            ["correct"] = report.Correct,
            ["faults"] = report.Faults,
            ["tokens"] = report.Tokens,
            ["accuracy"] = Share(accuracy.Overall),
            ["by_tag"] = new JsonObject(accuracy.ByTag.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)Share(t.Value)))),
            ["pass_at_k"] = new JsonObject(accuracy.PassAtK.Select(p => KeyValuePair.Create($"{p.Key}", (JsonNode?)p.Value))),
        };
    }

    private static JsonObject Share(Accuracy share) =>
        new()
        {
            ["value"] = share.Value,
            ["questions"] = share.Questions,
            ["low"] = share.Interval.Low,
            ["high"] = share.Interval.High,
        };
}
