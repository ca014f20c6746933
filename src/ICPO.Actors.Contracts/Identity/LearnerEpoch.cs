namespace ICPO.Actors.Contracts.Identity;

/// <summary>The incarnation of the learner, incremented at every start. A lower epoch's weights and commits are refused.</summary>
public readonly record struct LearnerEpoch(long Value)
{
    public override string ToString() => $"e{Value}";
}
