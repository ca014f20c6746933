using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// The loss of a policy-origin token before the weights of the correction, a pure function of tensors. A new one is one file here and one
/// line in <see cref="PolicyLossRegistry"/>.
/// </summary>
public abstract record PolicyLoss
{
    /// <summary>Value of <c>icpo.objective.policy-loss</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True if ℓ is 0 where the advantage is 0, so that groups without signal need no backward pass.</summary>
    public virtual bool UsesAdvantage => true;

    /// <summary>True if ℓ compares the policy with itself under a teacher's prompt.</summary>
    public virtual bool NeedsTeacher => false;

    /// <summary>ℓ [N], differentiable by log π_θ; called inside a dispose scope.</summary>
    public abstract Tensor Compute(LossInputs inputs, LossSettings settings);
}
