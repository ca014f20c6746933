using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.TensorBoard;

namespace ICPO.Actors.Metrics;

/// <summary>Writes what a run leaves to look at: <c>metrics.jsonl</c>, <c>samples.jsonl</c> and TensorBoard event files.</summary>
public sealed class RunRecorder : IDisposable
{
    private readonly JsonLines _metrics;
    private readonly JsonLines _samples;
    private readonly EventFileWriter _board;
    private readonly int _samplesPerUpdate;

    public RunRecorder(RunDirectory directory, int samplesPerUpdate, TimeProvider time)
    {
        _metrics = new JsonLines(directory.Metrics);
        _samples = new JsonLines(directory.Samples);
        _board = new EventFileWriter(directory.TensorBoard, time);
        _samplesPerUpdate = samplesPerUpdate;
    }

    public void Update(PolicyVersion version, double seconds, IReadOnlyDictionary<string, double> metrics)
    {
        var line = new JsonObject
        {
            ["kind"] = "update",
            ["update"] = version.Value,
            ["seconds"] = Math.Round(seconds, 3),
        };
        foreach ((string name, double value) in metrics)
        {
            // JSON has no NaN: a metric that is not a number is left out here and is to be seen in TensorBoard.
            if (double.IsFinite(value))
            {
                line[name] = value;
            }

            _board.Scalar(name, version.Value, value);
        }

        _metrics.Write(line);
        _board.Flush();
    }

    public void Evaluation(VersionEvaluated evaluated, double seconds)
    {
        AccuracyReport report = evaluated.Report.Accuracy();
        var byTag = new JsonObject();
        foreach ((string tag, Accuracy accuracy) in report.ByTag)
        {
            byTag[tag] = accuracy.Value;
            _board.Scalar($"accuracy/{tag}", evaluated.Version.Value, accuracy.Value);
        }

        _metrics.Write(
            new JsonObject
            {
                ["kind"] = "evaluation",
                ["update"] = evaluated.Version.Value,
                ["seconds"] = Math.Round(seconds, 3),
                ["accuracy"] = report.Overall.Value,
                ["questions"] = evaluated.Report.Questions.Length,
                ["correct"] = evaluated.Report.Correct,
                ["by_tag"] = byTag,
            }
        );
        _board.Scalar("accuracy", evaluated.Version.Value, report.Overall.Value);
        _board.Flush();
    }

    /// <summary>A few rollouts of the update, one policy and one expert rollout of each of the first groups.</summary>
    public void Samples(PolicyVersion version, AssembledBatch batch)
    {
        foreach (ScoredGroup scored in batch.Groups.Take(_samplesPerUpdate))
        {
            IEnumerable<(JudgedRollout member, double advantage)> members = scored.Group.Members.Select(
                (member, index) => (member, advantage: scored.Advantages[index])
            );
            foreach (
                (JudgedRollout member, double advantage) in members
                    .GroupBy(entry => entry.member.Rollout.Origin)
                    .Select(origin => origin.First())
            )
            {
                _samples.Write(
                    new JsonObject
                    {
                        ["update"] = version.Value,
                        ["group"] = scored.Group.Id.Value,
                        ["origin"] = member.Rollout.Origin == Origin.Policy ? "policy" : "expert",
                        ["question"] = scored.Group.Spec.Question.Text,
                        ["response"] = member.Rollout.Text,
                        ["verdict"] = member.Judgment.Verdict.ToString(),
                        ["reward"] = member.Judgment.Reward,
                        ["advantage"] = Math.Round(advantage, 4),
                    }
                );
            }
        }
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _samples.Dispose();
        _board.Dispose();
    }
}
