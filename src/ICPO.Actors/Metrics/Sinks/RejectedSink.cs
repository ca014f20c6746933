using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.RunEvents;
using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>Writes <c>rejected.jsonl</c>: the texts of rollouts that do not train, a limited number between two updates.</summary>
public sealed class RejectedSink : IMetricSink
{
    private readonly JsonLinesFile _file;
    private readonly int _perUpdate;
    private int _left;

    public RejectedSink(string path, int perUpdate)
    {
        _file = new JsonLinesFile(path);
        _perUpdate = _left = perUpdate;
    }

    public void Update(UpdateRecord update) => _left = _perUpdate;

    public void Rejected(RolloutsRejected rejected)
    {
        var judged = rejected.Judged.ToDictionary(member => member.Rollout.Id);
        foreach (DroppedRollout dropped in rejected.Dropped)
        {
            if (_left > 0 && judged.TryGetValue(dropped.Id, out JudgedRollout? member))
            {
                _left--;
                _file.Write(RejectedRollouts.Line(Describe(rejected, dropped, member)));
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static RejectedRollout Describe(RolloutsRejected rejected, DroppedRollout dropped, JudgedRollout member) =>
        new(
            dropped.Id,
            dropped.Reason,
            member.Judgment.Verdict.ToString(),
            rejected.Group.Question.Text,
            rejected.Group.Question.Answer,
            member.Rollout.Text
        )
        {
            Detail = member.Judgment.Detail,
            Reward = member.Judgment.Reward,
        };
}
