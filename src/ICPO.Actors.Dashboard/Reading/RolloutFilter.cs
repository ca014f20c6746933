using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Inspection;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Which rollouts to list; null takes all.</summary>
internal sealed record RolloutFilter
{
    public Origin? Origin { get; init; }

    /// <summary>The name of a verdict.</summary>
    public string? Verdict { get; init; }

    public GroupFate? Fate { get; init; }

    /// <summary>Groups of this update.</summary>
    public long? Update { get; init; }

    /// <summary>This group.</summary>
    public long? Group { get; init; }

    /// <summary>Rollouts with tokens of these weights.</summary>
    public long? Version { get; init; }

    /// <summary>Text in question, response or extracted answer; upper and lower case are equal.</summary>
    public string? Text { get; init; }

    /// <summary>Whether a group can contain such a rollout; needs no payload.</summary>
    public bool MayTake(GroupEntry entry) =>
        (Fate is null || entry.Fate == Fate)
        && (Update is null || entry.Update?.Value == Update)
        && (Group is null || entry.Id.Value == Group)
        && (Version is null || entry.Update is not { } update || Version < update.Value);

    public bool Takes(InspectedGroup group, InspectedRollout rollout) =>
        (Origin is null || rollout.Member.Rollout.Origin == Origin)
        && (Verdict is null || string.Equals(rollout.Member.Judgment.Verdict.ToString(), Verdict, StringComparison.OrdinalIgnoreCase))
        && (Version is null || rollout.Member.Rollout.Versions.Contains(Version.Value))
        && (
            Contains(rollout.Member.Rollout.Text)
            || Contains(rollout.Member.Judgment.Extracted)
            || Contains(rollout.Member.Judgment.Detail)
            || Contains(group.Spec?.Question.Text)
        );

    /// <summary>Of a dropped rollout only what <c>rejected.jsonl</c> holds is known.</summary>
    public bool Takes(DroppedRollout dropped, RejectedRollout? text) =>
        (Origin is null || dropped.Id.Origin == Origin)
        && (Verdict is null || string.Equals(text?.Verdict, Verdict, StringComparison.OrdinalIgnoreCase))
        && Version is null
        && (Contains(text?.Text) || Contains(text?.Question));

    private bool Contains(string? text) => string.IsNullOrEmpty(Text) || text?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true;
}
