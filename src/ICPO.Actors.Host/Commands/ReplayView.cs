using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Host.Views;
using ICPO.Actors.RunFiles.Replay;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Commands;

/// <summary>Shows a replay as a table or as JSON lines.</summary>
internal sealed class ReplayView(TextWriter output, bool json)
{
    public void Begin(RunContext plan, RunReplay replay, long last)
    {
        if (json)
        {
            return;
        }

        string from = replay.From is { } checkpoint
            ? $"checkpoint {checkpoint.Directory} (journal.keep = checkpoint, earlier events are deleted)"
            : "the base model";
        long first = (replay.From?.Version.Value ?? 0) + 1;
        string updates = last < first ? "no updates" : $"updates {first} to {last}";
        output.WriteLine($"{plan.Directory.Path}: replaying {updates} from {from}");
        output.WriteLine($"{"update", 6} {"groups", 7} {"reward", 7} {"staleness", 10} {"max", 4}  weights       group numbers");
    }

    public void Write(ReplayedUpdate update)
    {
        if (json)
        {
            output.WriteLine(ToJson(update).ToJsonString());
            return;
        }

        double reward = update.Batch.Groups.Average(group => group.Group.Members.Average(member => member.Judgment.Reward!.Value));
        string groups = string.Join(' ', update.Recorded.Groups.Select(group => group.Group.Value));
        output.WriteLine(
            $"{update.Recorded.Version.Value, 6} {update.Recorded.Groups.Length, 7} {Format.Fixed(reward, 3), 7} "
                + $"{Format.Fixed(update.Metrics["staleness/mean"], 3), 10} {update.Metrics["staleness/max"], 4:0}  "
                + $"{update.WeightsSha256[..12]}  {groups}"
        );
    }

    public void End(long last, MetricBound? bound, ReplayedUpdate? crossed, string? saved)
    {
        if (json)
        {
            return;
        }

        output.WriteLine($"The weights after update {last} are identical to those of the run.");
        if (bound is not null)
        {
            output.WriteLine(
                crossed is null
                    ? $"No update has {bound}."
                    : $"Update {last} is the first with {bound}: "
                        + $"{crossed.Metrics[bound.Metric].ToString("R", CultureInfo.InvariantCulture)}."
            );
        }

        if (saved is not null)
        {
            output.WriteLine($"Checkpoint: {saved}");
        }
    }

    private static JsonObject ToJson(ReplayedUpdate update) =>
        new()
        {
            ["update"] = update.Recorded.Version.Value,
            ["same"] = update.IsSame,
            ["weights_sha256"] = update.WeightsSha256,
            ["recorded_sha256"] = update.Recorded.WeightsSha256,
            ["groups"] = JsonOutput.Array(update.Recorded.Groups, group => JsonValue.Create(group.Group.Value)),
            ["metrics"] = new JsonObject(
                update.Metrics.Where(m => double.IsFinite(m.Value)).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))
            ),
        };
}
