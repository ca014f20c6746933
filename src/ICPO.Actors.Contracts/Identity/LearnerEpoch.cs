namespace ICPO.Actors.Contracts.Identity;

/// <summary>The incarnation of the learner, incremented at every start. Weights and commits of a lower epoch are rejected.</summary>
public readonly record struct LearnerEpoch(long Value)
{
    public override string ToString() => $"e{Value}";
}
