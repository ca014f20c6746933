using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>
/// The mixed-policy loss of ICPO (arXiv 2510.26519 eq. 5–8), a pure function of tensors:
/// <code>
/// L = Σ_t s_t ℓ_t + β Σ_t s_t k_t − γ Σ_t s_t H_t          s_t from the aggregation, Σ s_t the share of Z; k_t against the base
///                                                          model, and against the policy under a teacher's prompt
/// policy token:  ℓ = w · policy loss(u, A), by default max(−uA, −clip(u, 1−ε_lo, 1+ε_hi)A), for A &lt; 0 at most −cA;
///                u = π_θ/π_prox or π_θ/μ, w from the staleness correction and the masks
/// expert token:  ℓ = −A · f(r̂), f(x) = x/(x+λ), log x, x or √x;   r̂ = π_θ or π_θ/μ
/// </code>
/// Deviations: expert terms are never clipped, regardless of the sign of A (eq. 8 writes CLIP around f; release and LUFFY do not
/// clip either). A token that a correction masks still counts in Z (AReaL; verl shrinks it).
/// </summary>
public static class PolicyObjective
{
    // As in AReaL, so that the logarithm of an interpolated probability is finite.
    private const double LeastProbability = 1e-10;

    /// <summary>Loss and statistics of the sequences in <paramref name="inputs"/>; its tensors are not disposed.</summary>
    public static ObjectiveOutputs Compute(ObjectiveInputs inputs, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expert = inputs.Expert.index_select(0, inputs.Sequence); // [N]
        Tensor advantage = inputs.Advantage.index_select(0, inputs.Sequence); // [N]
        Tensor scale = Scale(inputs, settings); // [N]

        Tensor proximal = Anchor(inputs, settings);
        Tensor logRatio = inputs.LogProbs - proximal; // [N]
        Tensor ratio = Ratio(inputs, proximal, logRatio, settings);
        Tensor logRho = (proximal - inputs.Behaviour).detach(); // [N]
        TokenWeights weights = Weigh(inputs, logRho, settings);

        Tensor policyLoss = settings.PolicyLoss.Compute(
            new LossInputs
            {
                LogProbs = inputs.LogProbs,
                LogRatio = logRatio,
                Ratio = ratio,
                Advantage = advantage,
                Rewarded = (inputs.Rewarded ?? inputs.Advantage.Gt(0)).index_select(0, inputs.Sequence),
                Behaviour = inputs.Behaviour.detach(),
                Teacher = inputs.Teacher?.detach(),
                Entropy = inputs.Entropy,
                Rows = inputs.Rows,
                IsUnclipped = settings.Correction.ReplacesClip,
            },
            settings
        );
        policyLoss = weights.Weight is null ? policyLoss : policyLoss * weights.Weight;
        Tensor tokenLoss = where(expert, ExpertLoss(inputs, advantage, settings), policyLoss);
        Tensor loss = (tokenLoss * scale).sum();

        Tensor? kl = inputs.Reference is null ? null : KlPenalty(inputs.LogProbs, inputs.Reference, settings);
        if (settings.KlCoefficient != 0)
        {
            loss = loss.Add(Penalty(Needed(kl, nameof(inputs.Reference))).Mul(settings.KlCoefficient));
        }

        if (settings.TeacherCoefficient != 0)
        {
            Tensor teacher = Needed(inputs.Teacher, nameof(inputs.Teacher)).detach();
            loss = loss.Add(Penalty(KlPenalty(inputs.LogProbs, teacher, settings)).Mul(settings.TeacherCoefficient));
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

        Tensor Penalty(Tensor kl) => ((settings.KlWeighted ? kl * Bounded(logRatio, settings).exp() : kl) * scale).sum();
    }

    /// <summary>
    /// The KL estimate [N] of the settings, of d = log π_ref − log π_θ; d and the result are bounded (Schulman 2020; bounds as in verl).
    /// </summary>
    public static Tensor KlPenalty(Tensor logProbs, Tensor reference, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor d = Bounded(reference - logProbs, settings);
        Tensor estimate = settings.KlEstimator switch
        {
            KlEstimator.K1 => -d,
            KlEstimator.Abs => d.abs(),
            KlEstimator.K2 => (d * d).Div(2),
            _ => (d.exp() - d).Sub(1),
        };
        return estimate.Clamp(-settings.KlLimit, settings.KlLimit).MoveToOuterDisposeScope();
    }

    /// <summary>The expert term [N], of log r̂. f is the logistic function of log r̂ − log λ.</summary>
    public static Tensor ExpertTerm(Tensor logRatio, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor floored = settings.ExpertLogProbabilityFloor is { } floor ? logRatio.ClampMin(floor) : logRatio;
        Tensor term = settings.ExpertShape switch
        {
            ExpertShape.Shaped => sigmoid(floored.Sub(Math.Log(settings.Lambda))),
            ExpertShape.Probability => floored.exp(),
            ExpertShape.SquareRoot => floored.Div(2).exp(),
            _ => floored.alias(),
        };
        term = settings.ExpertTermMin is { } low ? term.ClampMin(low) : term;
        term = settings.ExpertTermMax is { } high ? term.ClampMax(high) : term;
        return term.MoveToOuterDisposeScope();
    }

    /// <summary>log of the denominator of u [N], π_prox or μ by the correction, constant under the gradient.</summary>
    public static Tensor Anchor(ObjectiveInputs inputs, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor anchor = settings switch
        {
            { Correction.NeedsProximal: false } or { Proximal: ProximalPolicy.Behaviour } => inputs.Behaviour.detach(),
            { Proximal: ProximalPolicy.Interpolated or ProximalPolicy.InterpolatedLinear } => Interpolate(inputs, settings.Proximal),
            _ => (inputs.Proximal ?? inputs.LogProbs).detach(),
        };
        return anchor.MoveToOuterDisposeScope();
    }

    /// <summary>Weights of the policy-origin tokens under the settings' correction and masks, constant under the gradient.</summary>
    /// <param name="inputs">The tokens.</param>
    /// <param name="logRho">log π_prox − log μ [N].</param>
    /// <param name="settings">The correction, the masks and their thresholds.</param>
    public static TokenWeights Weigh(ObjectiveInputs inputs, Tensor logRho, ObjectiveSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        CorrectionInputs tokens = new()
        {
            LogProbs = inputs.LogProbs,
            Behaviour = inputs.Behaviour,
            LogRho = logRho,
            Advantage = inputs.Advantage.index_select(0, inputs.Sequence),
            Mask = inputs.Mask,
            Sequence = inputs.Sequence,
            SequenceCount = inputs.Advantage.shape[0],
            SquaredLimit = inputs.Totals.SquaredLimit,
        };
        (Tensor? weight, Tensor? kept) = settings.Correction.Weigh(tokens, settings);

        // Without π_prox, ρ is the whole ratio.
        bool hasProximal = settings.Correction.NeedsProximal && settings.Proximal is not ProximalPolicy.Behaviour;
        CorrectionInputs masked = hasProximal ? tokens : tokens with { LogRho = inputs.LogProbs.detach() - inputs.Behaviour };
        foreach (TokenMask mask in settings.Masks)
        {
            Tensor keeps = mask.Keep(masked, settings);
            weight = weight is null ? keeps : weight * keeps;
            kept = kept is null ? keeps : kept * keeps;
        }

        return new(weight?.MoveToOuterDisposeScope(), kept?.MoveToOuterDisposeScope());
    }

    /// <summary>u [N] of the settings' form.</summary>
    private static Tensor Ratio(ObjectiveInputs inputs, Tensor proximal, Tensor logRatio, ObjectiveSettings settings)
    {
        if (settings.Ratio is RatioForm.Shaped)
        {
            double shift = Math.Log(settings.Lambda);
            Tensor shaped = nn.functional.logsigmoid(inputs.LogProbs.Sub(shift)) - nn.functional.logsigmoid(proximal.Sub(shift));
            return Bounded(shaped, settings).exp();
        }

        SequenceRows rows = inputs.Rows;
        Tensor whole = settings.Ratio is RatioForm.Sequence ? rows.PerToken(rows.Mean(logRatio)) : logRatio;
        return Bounded(whole, settings).exp();
    }

    /// <summary>
    /// log μ + a (log π_θ − log μ), or the logarithm of μ + a (π_θ − μ), with a = (v_prox − v)/(v_θ − v) in [0, 1], 0 if the current
    /// version sampled the token (AReaL).
    /// </summary>
    private static Tensor Interpolate(ObjectiveInputs inputs, ProximalPolicy form)
    {
        Tensor behaviour = inputs.Behaviour.detach();
        Tensor age = Needed(inputs.Versions, nameof(inputs.Versions)).to(behaviour.dtype).RSub(inputs.CurrentVersion);
        Tensor share = (age.Sub(1) / age.ClampMin(1)).Clamp(0, 1);
        Tensor current = inputs.LogProbs.detach();
        return form is ProximalPolicy.Interpolated
            ? behaviour.Add(share * (current - behaviour))
            : (share.RSub(1) * behaviour.exp()).Add(share * current.exp()).Add(LeastProbability).log();
    }

    private static Tensor ExpertLoss(ObjectiveInputs inputs, Tensor advantage, ObjectiveSettings settings)
    {
        Tensor logRatio =
            settings.ExpertDenominator is ExpertDenominator.One
                ? inputs.LogProbs
                : Bounded(inputs.LogProbs - inputs.Behaviour.detach(), settings);
        Tensor loss = -advantage * ExpertTerm(logRatio, settings);
        if (settings.ImitationCoefficient == 0)
        {
            return loss;
        }

        Tensor imitation = inputs.LogProbs.Mul(settings.ImitationCoefficient);
        if (settings.ImitationByEntropy)
        {
            SequenceRows rows = inputs.Rows;
            imitation *= rows.PerToken(rows.Mean(Needed(inputs.Entropy, nameof(inputs.Entropy)).detach()).neg().exp());
        }

        return loss - imitation;
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

        SequenceRows rows = inputs.Rows;
        return inputs.Mask / rows.PerToken(rows.Sum(ones_like(inputs.Mask)).ClampMin(1)).Mul(totals.Sequences);
    }

    private static Tensor Bounded(Tensor logRatio, ObjectiveSettings settings) =>
        logRatio.Clamp(-settings.LogRatioLimit, settings.LogRatioLimit);

    private static Tensor Needed(Tensor? tensor, string name) =>
        tensor ?? throw new ArgumentException($"The objective's settings require {name}; set it in the inputs.");
}
