using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>What a reference case asks of the objective.</summary>
/// <param name="Settings">Options that express it.</param>
/// <param name="Totals">Denominators.</param>
/// <param name="Origins">Whether expert responses are told apart.</param>
internal sealed record LossCase(ObjectiveSettings Settings, ObjectiveTotals Totals, bool Origins)
{
    /// <summary>True if the case has no start-of-update policy, so that π_prox is π_θ.</summary>
    public bool HasNoProximal { get; init; }
}

/// <summary>
/// Says in this project's options what a case of other software computes; null where it cannot: an option or a value of
/// an option that <see cref="ObjectiveSettings"/> does not have.
/// </summary>
internal static class ReferenceLosses
{
    public static LossCase? Map(JsonElement @case, ReferenceBatch batch) =>
        @case.Text("driver") switch
        {
            "verl" => VerlLosses.Map(@case.GetProperty("settings"), batch),
            "trl" => TrlLosses.Map(@case.GetProperty("settings"), batch),
            "luffy" => Luffy(@case.GetProperty("settings"), batch),
            "icpo" => Release(@case.GetProperty("settings"), batch),
            "spec" => Specification(@case.GetProperty("settings"), batch),
            "areal" or "areal_sapo" => ArealLosses.Map(@case.GetProperty("settings"), batch),
            "plain" => new(PlainLosses.Settings(@case.GetProperty("settings")), new(batch.Tokens, batch.NonEmpty), true),
            _ => null,
        };

    private static LossCase? Luffy(JsonElement s, ReferenceBatch batch)
    {
        // Its upper bound acts only above 1 + cliprange.
        bool known =
            Only(
                s,
                "cliprange",
                "clip_upper_bound",
                "off_policy_reshape",
                "on_policy_reshape",
                "off_max_clip",
                "off_min_clip",
                "gamma_via_target",
                "loss_remove_token_mean",
                "loss_remove_clip"
            )
            && (s.Optional("clip_upper_bound") ?? 0) <= 1 + s.GetProperty("cliprange").GetDouble();
        ExpertShape? shape = s.Has("off_policy_reshape")
            ? s.Text("off_policy_reshape") switch
            {
                "no_reshape" => ExpertShape.Probability,
                "square_root" => ExpertShape.SquareRoot,
                var name when Shaped(name) is not null => ExpertShape.Shaped,
                _ => null,
            }
            : ExpertShape.Shaped;
        double? lambda = s.Optional("gamma_via_target") ?? (shape is ExpertShape.Shaped ? Shaped(s.Text("off_policy_reshape")) : 1);
        bool reshapes = s.Has("on_policy_reshape") && s.Text("on_policy_reshape") != "no_reshape";
        if (!known || shape is null || lambda is null || (reshapes && Shaped(s.Text("on_policy_reshape")) != lambda))
        {
            return null;
        }

        double clip = Flag(s, "loss_remove_clip") ? double.PositiveInfinity : s.GetProperty("cliprange").GetDouble();
        ObjectiveSettings settings = Unbounded with { ClipLow = clip, ClipHigh = clip, DualClip = null, Lambda = lambda.Value };
        settings = settings with
        {
            ExpertShape = shape.Value,
            ExpertTermMin = s.Optional("off_min_clip"),
            ExpertTermMax = s.Optional("off_max_clip"),
            Ratio = reshapes ? RatioForm.Shaped : RatioForm.Token,
        };
        return new(
            Aggregate(settings, Flag(s, "loss_remove_token_mean") ? "constant" : "token-mean", batch.Width),
            new(batch.Tokens, batch.Count),
            true
        );
    }

    /// <summary>λ of p / (p + λ) by its name; null for another shape.</summary>
    private static double? Shaped(string name) =>
        name.Split("p_div_p_") is [_, var number] ? double.Parse(number, CultureInfo.InvariantCulture) : null;

    private static LossCase? Release(JsonElement s, ReferenceBatch batch) =>
        !Only(s, "agg", "clip_low", "clip_high", "dual_clip", "kl_coef", "shaping_lambda", "expert_logp_floor")
            ? null
            : new(
                Aggregate(
                    Clip(s) with
                    {
                        Lambda = s.GetProperty("shaping_lambda").GetDouble(),
                        ExpertLogProbabilityFloor = -s.Optional("expert_logp_floor"),
                        KlCoefficient = s.Optional("kl_coef") ?? 0,
                    },
                    s.Text("agg"),
                    batch.Width
                ),
                new(batch.Tokens, batch.Count),
                true
            );

    private static LossCase? Specification(JsonElement s, ReferenceBatch batch)
    {
        if (!Only(s, "lam", "clip_low", "clip_high", "dual_clip", "reduction", "constant", "kl_coef", "expert_logp_floor", "correction"))
        {
            return null;
        }

        ObjectiveSettings settings = Clip(s) with
        {
            Lambda = s.GetProperty("lam").GetDouble(),
            KlCoefficient = s.Optional("kl_coef") ?? 0,
            ExpertLogProbabilityFloor = s.Optional("expert_logp_floor"),
        };
        if (s.Has("correction"))
        {
            JsonElement correction = s.GetProperty("correction");
            StalenessCorrection? kind = correction.Text("kind") switch
            {
                "decoupled" => new Decoupled(),
                "tis-token" => new TisToken(),
                "tis-sequence" => new TisSequence(),
                "icepop" => new IcePop(),
                "seq-mask" => new SequenceMask(),
                _ => null,
            };
            if (kind is null)
            {
                return null;
            }

            settings = settings with
            {
                Correction = kind,
                WeightCap = correction.Optional("high") ?? settings.WeightCap,
                BandLow = correction.Optional("low") ?? 0,
                BandHigh = correction.Optional("high") ?? double.PositiveInfinity,
            };
        }

        return new(
            Aggregate(settings, s.Text("reduction"), s.Optional("constant") ?? batch.Width),
            new(batch.Tokens, batch.NonEmpty),
            true
        );
    }

    /// <summary>Software that bounds neither log-ratios nor the KL penalty.</summary>
    internal static ObjectiveSettings Unbounded { get; } =
        new()
        {
            Correction = new NoCorrection(),
            LogRatioLimit = double.PositiveInfinity,
            KlLimit = double.PositiveInfinity,
        };

    internal static ObjectiveSettings Clip(JsonElement s) =>
        new()
        {
            Correction = new NoCorrection(),
            ClipLow = s.GetProperty("clip_low").GetDouble(),
            ClipHigh = s.GetProperty("clip_high").GetDouble(),
            DualClip = s.Optional("dual_clip"),
        };

    internal static ObjectiveSettings Aggregate(ObjectiveSettings settings, string name, double constant) =>
        name switch
        {
            "token-mean" => settings with { Aggregation = LossAggregation.TokenMean },
            "seq-mean-token-mean" => settings with { Aggregation = LossAggregation.SequenceMean },
            "seq-mean-token-sum" => settings with { Aggregation = LossAggregation.SumOverSequencesTimesConstant, AggregationConstant = 1 },
            "seq-mean-token-sum-norm" or "constant" => settings with
            {
                Aggregation = LossAggregation.SumOverConstant,
                AggregationConstant = constant,
            },
            _ => throw new InvalidDataException($"Unknown aggregation: {name}"),
        };

    internal static bool Only(JsonElement settings, params string[] known) =>
        settings.EnumerateObject().All(property => known.Contains(property.Name));

    internal static bool Flag(JsonElement settings, string name) => settings.Has(name) && settings.GetProperty(name).GetBoolean();
}
