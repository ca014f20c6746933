using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// The mixed-policy loss of ICPO (arXiv 2510.26519 eq. 5–8), a pure function of tensors:
/// <code>
/// L = Σ_t s_t ℓ_t + β Σ_t s_t k3_t − γ Σ_t s_t H_t          s_t from the aggregation, Σ s_t the share of Z
/// policy token:  ℓ = w · max(−uA, −clip(u, 1−ε_lo, 1+ε_hi)A), for A &lt; 0 at most −cA;   u = π_θ/π_prox, w from the staleness correction
/// expert token:  ℓ = −A · f(r̂), f(x) = x/(x+λ),  or −A · log r̂;   r̂ = π_θ or π_θ/μ
/// </code>
/// Deviations: expert terms are never clipped, regardless of the sign of A (eq. 8 writes CLIP around f; release and LUFFY do not
/// clip either). A token that a correction masks still counts in Z (AReaL; verl shrinks it).
/// </summary>
public static class PolicyObjective
{
    /// <summary>Loss and statistics of the sequences in <paramref name="inputs"/>; its tensors are not disposed.</summary>
    public static ObjectiveOutputs Compute(ObjectiveInputs inputs, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logProbs = inputs.LogProbs; // [N]
        Tensor expert = inputs.Expert.index_select(0, inputs.Sequence); // [N]
        Tensor advantage = inputs.Advantage.index_select(0, inputs.Sequence); // [N]
        Tensor scale = Scale(inputs, settings); // [N]

        Tensor proximal = Anchor(inputs, settings);
        Tensor ratio = (logProbs - proximal).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit).exp();
        Tensor logRho = (proximal - inputs.Behaviour).detach(); // [N]
        TokenWeights weights = Weigh(inputs, logRho, settings);

        Tensor policyLoss = PolicyLoss(ratio, advantage, settings);
        policyLoss = weights.Weight is null ? policyLoss : policyLoss * weights.Weight;
        Tensor tokenLoss = where(expert, ExpertLoss(inputs, advantage, settings), policyLoss);
        Tensor loss = (tokenLoss * scale).sum();

        Tensor? kl = inputs.Reference is null ? null : KlPenalty(logProbs, inputs.Reference, settings);
        if (settings.KlCoefficient != 0)
        {
            loss = loss.Add((Needed(kl, nameof(inputs.Reference)) * scale).sum().Mul(settings.KlCoefficient));
        }

        if (settings.EntropyCoefficient != 0)
        {
            loss -= (Needed(inputs.Entropy, nameof(inputs.Entropy)) * scale).sum().Mul(settings.EntropyCoefficient);
        }

        var statistics = ObjectiveStatistics.Compute(
            inputs,
            settings,
            new ObjectiveTokens
            {
                Expert = expert,
                Advantage = advantage,
                Scale = scale,
                Proximal = proximal,
                Ratio = ratio,
                TokenLoss = tokenLoss,
                Kl = kl,
                LogRho = logRho,
                Weights = weights,
            }
        );
        return new ObjectiveOutputs(loss.MoveToOuterDisposeScope(), statistics);
    }

    /// <summary>k3 [N]: e^d − d − 1 with d = log π_ref − log π_θ, both bounded (Schulman 2020; bounds as in verl).</summary>
    public static Tensor KlPenalty(Tensor logProbs, Tensor reference, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor d = (reference - logProbs).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);
        return (d.exp() - d).Sub(1).Clamp(-settings.KlLimit, settings.KlLimit).MoveToOuterDisposeScope();
    }

    /// <summary>f(r̂) or log r̂ [N] for expert tokens, of log r̂. f is the logistic function of log r̂ − log λ.</summary>
    public static Tensor ExpertTerm(Tensor logRatio, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor floored = settings.ExpertLogProbabilityFloor is { } floor ? logRatio.ClampMin(floor) : logRatio;
        Tensor term = settings.ExpertShape is ExpertShape.Shaped ? sigmoid(floored.Sub(Math.Log(settings.Lambda))) : floored.alias();
        return term.MoveToOuterDisposeScope();
    }

    /// <summary>log of the denominator of u [N], π_prox or μ by the correction, constant under the gradient.</summary>
    public static Tensor Anchor(ObjectiveInputs inputs, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor anchor = settings switch
        {
            { Correction.NeedsProximal: false } => inputs.Behaviour.detach(),
            { Proximal: ProximalPolicy.Interpolated } => Interpolate(inputs),
            _ => (inputs.Proximal ?? inputs.LogProbs).detach(),
        };
        return anchor.MoveToOuterDisposeScope();
    }

    /// <summary>Weights of the policy-origin tokens under the settings' correction, constant under the gradient.</summary>
    /// <param name="inputs">The tokens.</param>
    /// <param name="logRho">log π_prox − log μ [N].</param>
    /// <param name="settings">The correction and its thresholds.</param>
    public static TokenWeights Weigh(ObjectiveInputs inputs, Tensor logRho, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        (Tensor? weight, Tensor? kept) = settings.Correction.Weigh(
            new CorrectionInputs
            {
                LogProbs = inputs.LogProbs,
                Behaviour = inputs.Behaviour,
                LogRho = logRho,
                Advantage = inputs.Advantage.index_select(0, inputs.Sequence),
                Mask = inputs.Mask,
                Sequence = inputs.Sequence,
                SequenceCount = inputs.Advantage.shape[0],
            },
            settings
        );
        return new(weight?.MoveToOuterDisposeScope(), kept?.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// log μ + a (log π_θ − log μ), a = (v_prox − v)/(v_θ − v) in [0, 1], 0 if the current version sampled the token (AReaL).
    /// </summary>
    private static Tensor Interpolate(ObjectiveInputs inputs)
    {
        Tensor behaviour = inputs.Behaviour.detach();
        Tensor age = Needed(inputs.Versions, nameof(inputs.Versions)).to(behaviour.dtype).RSub(inputs.CurrentVersion);
        Tensor share = (age.Sub(1) / age.ClampMin(1)).Clamp(0, 1);
        return behaviour.Add(share * (inputs.LogProbs.detach() - behaviour));
    }

    private static Tensor PolicyLoss(Tensor ratio, Tensor advantage, ObjectiveSettings settings)
    {
        Tensor plain = -advantage * ratio;
        if (settings.Correction.ReplacesClip)
        {
            return plain;
        }

        Tensor clipped = maximum(plain, -advantage * ratio.Clamp(1 - settings.ClipLow, 1 + settings.ClipHigh));
        return settings.DualClip is { } limit ? where(advantage.Lt(0), minimum(clipped, -advantage.Mul(limit)), clipped) : clipped;
    }

    private static Tensor ExpertLoss(ObjectiveInputs inputs, Tensor advantage, ObjectiveSettings settings)
    {
        Tensor logRatio =
            settings.ExpertDenominator is ExpertDenominator.One
                ? inputs.LogProbs
                : (inputs.LogProbs - inputs.Behaviour.detach()).Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);
        return -advantage * ExpertTerm(logRatio, settings);
    }

    /// <summary>s_t [N]: what a token's loss is multiplied by before the sum.</summary>
    private static Tensor Scale(ObjectiveInputs inputs, ObjectiveSettings settings)
    {
        ObjectiveTotals totals = inputs.Totals;
        if (settings.Aggregation is not LossAggregation.SequenceMean)
        {
            double divisor = settings.Aggregation switch
            {
                LossAggregation.TokenMean => totals.Tokens,
                LossAggregation.SumOverConstant => settings.AggregationConstant,
                _ => totals.Sequences * settings.AggregationConstant,
            };
            return inputs.Mask.Div(divisor);
        }

        Tensor lengths = zeros_like(inputs.Advantage).IndexAddInPlace(0, inputs.Sequence, inputs.Mask).ClampMin(1);
        return inputs.Mask / lengths.index_select(0, inputs.Sequence).Mul(totals.Sequences);
    }

    private static Tensor Needed(Tensor? tensor, string name) =>
        tensor ?? throw new ArgumentException($"The objective's settings require {name}; set it in the inputs.");
}
