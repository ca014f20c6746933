using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>Writes <c>metrics.jsonl</c>: one object per update and per evaluation.</summary>
public sealed class JsonLinesSink(string path, Action<RunLine>? mirror = null) : IMetricSink
{
    private readonly JsonLinesFile _file = new(path);

    public void Update(UpdateRecord update)
    {
        var line = new JsonObject
        {
            ["kind"] = RunLineKinds.Update,
            ["update"] = update.Version.Value,
            ["seconds"] = Math.Round(update.Seconds, 3),
        };
        foreach ((string name, double value) in update.Metrics)
        {
            // JSON has no NaN: such a value is left out here and is in TensorBoard only.
            if (double.IsFinite(value))
            {
                line[name] = value;
            }
        }

        Write(RunLineKinds.Update, update.Version.Value, line);
    }

    public void Evaluation(EvaluationRecord evaluation)
    {
        AccuracyReport report = evaluation.Report.Accuracy();
        Write(
            RunLineKinds.Evaluation,
            evaluation.Version.Value,
            new JsonObject
            {
                ["kind"] = RunLineKinds.Evaluation,
                ["update"] = evaluation.Version.Value,
                ["seconds"] = Math.Round(evaluation.Seconds, 3),
                ["accuracy"] = report.Overall.Value,
                ["questions"] = evaluation.Report.Questions.Length,
                ["correct"] = evaluation.Report.Correct,
                ["by_tag"] = new JsonObject(report.ByTag.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value.Value))),
            }
        );
    }

    public void Dispose() => _file.Dispose();

    private void Write(string kind, long number, JsonObject line)
    {
        _file.Write(line);
        mirror?.Invoke(new RunLine(kind, number, line.ToJsonString()));
    }
}
