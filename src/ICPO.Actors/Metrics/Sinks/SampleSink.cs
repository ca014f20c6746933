using System.Text.Json.Nodes;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>
/// Writes <c>samples.jsonl</c>: of each of the first groups of an update, one policy rollout and one expert rollout as text.
/// </summary>
public sealed class SampleSink(string path, int groupsPerUpdate) : IMetricSink
{
    private readonly JsonLinesFile _file = new(path);

    public void Update(UpdateRecord update)
    {
        foreach (ScoredGroup group in update.Batch.Groups.Take(groupsPerUpdate))
        {
            foreach (IGrouping<Origin, int> members in Enumerable.Range(0, group.Group.Members.Length).GroupBy(i => OriginOf(group, i)))
            {
                _file.Write(Sample(update.Version, group, members.First()));
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static Origin OriginOf(ScoredGroup group, int member) => group.Group.Members[member].Rollout.Origin;

    private static JsonObject Sample(PolicyVersion version, ScoredGroup group, int index)
    {
        JudgedRollout member = group.Group.Members[index];
        return new()
        {
            ["update"] = version.Value,
            ["group"] = group.Group.Id.Value,
            ["origin"] = member.Rollout.Origin == Origin.Policy ? "policy" : "expert",
            ["question"] = group.Group.Spec.Question.Text,
            ["response"] = member.Rollout.Text,
            ["verdict"] = member.Judgment.Verdict.ToString(),
            ["reward"] = member.Judgment.Reward,
            ["advantage"] = Math.Round(group.Advantages[index], 4),
        };
    }
}
