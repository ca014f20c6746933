namespace ICPO.Actors.Contracts.Identity;

/// <summary>One rollout of a group: which group, which origin, which sibling of that origin (from 0).</summary>
public readonly record struct RolloutId(GroupId Group, Origin Origin, int Sibling)
{
    public override string ToString() => $"{Group}/{(Origin == Origin.Policy ? "p" : "e")}{Sibling}";
}
