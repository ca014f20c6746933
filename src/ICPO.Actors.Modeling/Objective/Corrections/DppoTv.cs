using ICPO.Actors.Modeling.Torch;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>
/// Drops a token whose probability already moved by more than the threshold in the direction of its advantage; replaces the clip.
/// </summary>
public sealed record DppoTv : StalenessCorrection
{
    public override string Name => "dppo-tv";

    public override bool NeedsProximal => false;

    public override bool ReplacesClip => true;

    public override TokenWeights Weigh(CorrectionInputs inputs, CorrectionSettings settings)
    {
        Tensor moved = inputs.LogProbs.exp() - inputs.Behaviour.exp();
        Tensor dropped =
            (inputs.Advantage.Gt(0) & moved.Gt(settings.TvThreshold)) | (inputs.Advantage.Lt(0) & moved.Lt(-settings.TvThreshold));
        Tensor kept = dropped.logical_not().to(moved.dtype);
        return new(kept, kept);
    }
}
