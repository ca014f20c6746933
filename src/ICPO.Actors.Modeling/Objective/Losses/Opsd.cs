using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>
/// On-policy self-distillation (OPSD, arXiv 2601.18734; SDFT, arXiv 2601.19897): −k·a·u + c·log² u, where a = log π_θ(y|D,q) − log π_θ(y|q)
/// is a constant per token (the policy under the teacher's prompt less the policy under the question), and k drops tokens with π_θ − μ
/// below −0.2. Does not read the advantage.
/// </summary>
public sealed record Opsd : PolicyLoss
{
    public override string Name => "opsd";

    public override bool UsesAdvantage => false;

    public override bool NeedsTeacher => true;

    public override Tensor Compute(LossInputs inputs, LossSettings settings)
    {
        // Without a teacher there is nothing to learn, as from one that sees nothing more.
        Tensor policy = inputs.LogProbs.detach();
        Tensor teacher = inputs.Teacher ?? policy;
        Tensor keeps = (policy.exp() - inputs.Behaviour.exp()).Lt(-settings.TeacherMaxDrop).logical_not().to(policy.dtype);
        Tensor distillation = (keeps * (teacher - policy)).neg() * inputs.Ratio;
        return distillation.Add((inputs.LogRatio * inputs.LogRatio).Mul(settings.TeacherRatioPenalty));
    }
}
