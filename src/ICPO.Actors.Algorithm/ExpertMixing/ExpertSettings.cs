using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.ExpertMixing;

/// <summary>The source of expert rollouts.</summary>
public enum ExpertSource
{
    /// <summary>Sampled by the policy under [D;q] (implicit expert forcing, paper §3.1).</summary>
    Steered,

    /// <summary>The solutions of the demonstrations, unchanged (supervised traces; the <c>sft</c> baseline).</summary>
    Trace,

    /// <summary>Sampled by the policy after the beginning of the question's own solution, shown as a demonstration.</summary>
    Hint,

    /// <summary>Sampled by the policy as the continuation of the beginning of the question's own solution.</summary>
    Prefix,
}

/// <summary>What the policy sees when it is its own teacher.</summary>
public enum TeacherContext
{
    /// <summary>No teacher.</summary>
    None,

    /// <summary>Solved examples of other questions, then the question.</summary>
    Steered,

    /// <summary>The question with its own solution, then the question.</summary>
    Solution,
}

/// <summary>The prompt that an expert rollout is trained under.</summary>
public enum ScoringContext
{
    /// <summary>The question alone: the demonstration is swapped out (ICPO).</summary>
    Question,

    /// <summary>The prompt that it was sampled from: it trains like a policy rollout.</summary>
    Prompt,
}

/// <summary>When expert rollouts are used.</summary>
public enum ExpertUse
{
    Always,

    /// <summary>Only in groups in which the policy failed.</summary>
    Failed,
}

/// <summary>The policy rollouts that accepted expert rollouts replace.</summary>
public enum ExpertReplacement
{
    /// <summary>One random policy rollout each, so groups keep their size.</summary>
    One,

    /// <summary>All of them: only the expert rollouts train.</summary>
    All,

    /// <summary>None: groups grow.</summary>
    None,
}

/// <summary>The schedule of the bonus of accepted expert rollouts.</summary>
public enum BonusSchedule
{
    None,
    Linear,
    Cosine,
    Exponential,
}

/// <summary>Expert rollouts: their number, steering, acceptance and bonus.</summary>
public sealed record ExpertSettings
{
    public ExpertSource Source { get; init; } = ExpertSource.Steered;

    /// <summary>k, demonstrations before the question.</summary>
    public int Demonstrations { get; init; } = 2;

    /// <summary>
    /// Shares of a solution that its hint or prefix contains, in (0, 1]: that of expert rollout i is number i, starting over at the end.
    /// </summary>
    public ImmutableArray<double> HintShares { get; init; } = [0.25, 0.5, 0.75];

    public ScoringContext ScoredUnder { get; init; } = ScoringContext.Question;

    public ExpertUse When { get; init; } = ExpertUse.Always;

    /// <summary>γ: with <see cref="ExpertUse.Failed"/>, the most correct policy rollouts of a group in which the policy failed.</summary>
    public int FailedAtMost { get; init; }

    /// <summary>Groups that were dispatched before this update do not use expert rollouts.</summary>
    public int WarmupUpdates { get; init; }

    public ExpertReplacement Replaces { get; init; } = ExpertReplacement.One;

    /// <summary>The most expert rollouts that a group uses, the first ones by sibling; 0 is all.</summary>
    public int MaxAccepted { get; init; }

    /// <summary>The context under which the policy scores its own rollouts as a teacher.</summary>
    public TeacherContext Teacher { get; init; } = TeacherContext.None;

    public bool HasTeacher => Teacher != TeacherContext.None;

    /// <summary>True if questions come from the pool, because expert rollouts or the teacher need their solutions.</summary>
    public bool UsesOwnSolution => Source != ExpertSource.Steered || Teacher == TeacherContext.Solution;

    /// <summary>ERRS (paper §3.3): keep an expert rollout only if R ≥ δ, and replace a random policy rollout with it.</summary>
    public bool RejectSampling { get; init; } = true;

    /// <summary>δ.</summary>
    public double RegionThreshold { get; init; } = 1;

    /// <summary>Bonus schedule over updates (paper §3.4); None for no bonus.</summary>
    public BonusSchedule Bonus { get; init; } = BonusSchedule.None;

    /// <summary>α, the bonus at update 0.</summary>
    public double BonusSize { get; init; } = 1;

    /// <summary>τ of the exponential schedule, in updates.</summary>
    public double BonusTimeConstant { get; init; } = 100;
}
