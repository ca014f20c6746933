using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.RunFiles.Inspection;

/// <summary>The text of a rollout that does not train, from <c>rejected.jsonl</c>.</summary>
/// <param name="Id">The rollout.</param>
/// <param name="Reason">Why it does not train.</param>
/// <param name="Verdict">As the verifier gave it.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The reference answer.</param>
/// <param name="Text">The response.</param>
public sealed record RejectedRollout(RolloutId Id, DropReason Reason, string Verdict, string Question, string Answer, string Text)
{
    /// <summary>The verifier's remark; null without one.</summary>
    public string? Detail { get; init; }

    /// <summary>Null if the verifier failed.</summary>
    public double? Reward { get; init; }
}
