using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.Ledgers;

/// <summary>Rollouts and the response tokens in them.</summary>
public readonly record struct Tally(long Rollouts, long Tokens)
{
    public static Tally operator +(Tally left, Tally right) => new(left.Rollouts + right.Rollouts, left.Tokens + right.Tokens);

    public static Tally operator -(Tally left, Tally right) => new(left.Rollouts - right.Rollouts, left.Tokens - right.Tokens);
}

/// <summary>A tally per origin.</summary>
public readonly record struct OriginTally(Tally Policy, Tally Expert)
{
    public Tally Total => Policy + Expert;

    public bool IsZero => this == default;

    public bool IsNegative => Policy.Rollouts < 0 || Policy.Tokens < 0 || Expert.Rollouts < 0 || Expert.Tokens < 0;

    public static OriginTally Of(RolloutId id, int tokens) =>
        id.Origin == Origin.Policy ? new(new Tally(1, tokens), default) : new(default, new Tally(1, tokens));

    public static OriginTally Of(IEnumerable<JudgedRollout> rollouts) =>
        rollouts.Aggregate(default(OriginTally), (sum, r) => sum + Of(r.Rollout.Id, r.Rollout.Tokens.Length));

    public static OriginTally operator +(OriginTally left, OriginTally right) =>
        new(left.Policy + right.Policy, left.Expert + right.Expert);

    public static OriginTally operator -(OriginTally left, OriginTally right) =>
        new(left.Policy - right.Policy, left.Expert - right.Expert);
}
