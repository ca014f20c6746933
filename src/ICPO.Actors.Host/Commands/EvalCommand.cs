using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm;

namespace ICPO.Actors.Host;

/// <summary><c>icpo eval</c>.</summary>
internal static class EvalCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Terminal terminal, StopSignals signals)
    {
        var options = new ConfigurationOptions();
        Option<string?> model = ModelOptions.Model();
        var questions = new Option<int>("--questions", "-q") { Description = "Held-out questions.", HelpName = "N", DefaultValueFactory = _ => 500 };
        Option<string?> adapter = ModelOptions.Adapter();
        var samples = new Option<int>("--samples", "-n") { Description = "Responses per question; pass@k is told for k up to this.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var demonstrations = new Option<int>("--demonstrations", "-k") { Description = "Solved examples before each question; 0 is zero-shot.", HelpName = "K" };
        var json = new Option<bool>("--json") { Description = "Writes JSON." };
        var command = new ExampledCommand(
            "eval",
            "Accuracy and pass@k of a model on held-out questions of a task.",
            "icpo eval --model runs/mine/checkpoints/update-000150 --samples 8\nicpo eval --model models/base.gguf --adapter runs/lora/checkpoints/update-000150\nicpo eval --demonstrations 2 --set task.symbol-rules.selection=random --json") { model, adapter, questions, samples, demonstrations, json };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            AtLeast(1, parsed.GetValue(questions), "--questions");
            AtLeast(1, parsed.GetValue(samples), "--samples");
            AtLeast(0, parsed.GetValue(demonstrations), "--demonstrations");
            RunSettings settings = options.Load(parsed, ModelOptions.Overrides(parsed, model, adapter)).Settings;
            await using ModelSession session = ModelSession.Open(settings);
            foreach (string note in session.Notes)
            {
                terminal.Error.WriteLine($"icpo: {note}");
            }

            EvaluationReport report = await session.EvaluateAsync(parsed.GetValue(questions), parsed.GetValue(samples), parsed.GetValue(demonstrations), signals.Token);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(Json(report).ToJsonString(Indented));
            }
            else
            {
                Say(report, terminal.Out);
            }
        });
        return command;
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
        output.WriteLine($"{"questions",-24} {"n",6} {"accuracy",10}  95 % interval");
        Row("all", accuracy.Overall);
        foreach ((string tag, Accuracy share) in accuracy.ByTag)
        {
            Row(tag, share);
        }

        foreach ((int k, double share) in accuracy.PassAtK.Where(p => p.Key > 1))
        {
            output.WriteLine($"{$"pass@{k}",-24} {report.Questions.Length,6} {Sentences.Percent(share),10}");
        }

        if (report.Faults > 0)
        {
            output.WriteLine($"The verifier failed on {report.Faults} of {report.Samples + report.Faults} responses; they are left out.");
        }

        void Row(string name, Accuracy share) => output.WriteLine(
            $"{name,-24} {share.Questions,6} {Sentences.Percent(share.Value),10}  {Sentences.Percent(share.Interval.Low)} to {Sentences.Percent(share.Interval.High)}");
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
        new() { ["value"] = share.Value, ["questions"] = share.Questions, ["low"] = share.Interval.Low, ["high"] = share.Interval.High };
}
