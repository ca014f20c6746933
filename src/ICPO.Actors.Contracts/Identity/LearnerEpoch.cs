namespace ICPO.Actors.Contracts.Identity;

/// <summary>Which incarnation of the learner speaks: one more at every start. A lower epoch's weights and commits are refused.</summary>
public readonly record struct LearnerEpoch(long Value)
{
    public override string ToString() => $"e{Value}";
}
