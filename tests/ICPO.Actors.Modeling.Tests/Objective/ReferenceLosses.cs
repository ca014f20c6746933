using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>What a reference case asks of the objective.</summary>
/// <param name="Settings">Options that express it.</param>
/// <param name="Totals">Denominators.</param>
/// <param name="Origins">Whether expert responses are told apart.</param>
internal sealed record LossCase(ObjectiveSettings Settings, ObjectiveTotals Totals, bool Origins);

/// <summary>
/// Says in this project's options what a case of other software computes; null where it cannot: an option or a value of
/// an option that <see cref="ObjectiveSettings"/> does not have.
/// </summary>
internal static class ReferenceLosses
{
    public static LossCase? Map(JsonElement @case, ReferenceBatch batch) =>
        @case.Text("driver") switch
        {
            "verl" => Verl(@case.GetProperty("settings"), batch),
            "trl" => Trl(@case.GetProperty("settings"), batch),
            "luffy" => Luffy(@case.GetProperty("settings"), batch),
            "icpo" => Release(@case.GetProperty("settings"), batch),
            "spec" => Specification(@case.GetProperty("settings"), batch),
            "areal" => Areal(@case.GetProperty("settings"), batch),
            "plain" => new(PlainLosses.Settings(@case.GetProperty("settings")), new(batch.Tokens, batch.NonEmpty), true),
            _ => null,
        };

    private static LossCase? Verl(JsonElement s, ReferenceBatch batch)
    {
        if (
            s.Text("loss") != "vanilla"
            || !Only(s, "loss", "clip_low", "clip_high", "dual_clip", "agg", "global_batch_info", "kl", "kl_coef", "correction")
        )
        {
            return null;
        }

        JsonElement whole = s.Has("global_batch_info") ? s.GetProperty("global_batch_info") : default;
        double parts = whole.Optional("dp_size") ?? 1;
        ObjectiveSettings settings = Clip(s) with { KlCoefficient = s.Optional("kl_coef") ?? 0 };
        if (s.Has("kl") && s.Text("kl") is not ("k3" or "low_var_kl"))
        {
            return null;
        }

        if (s.Has("correction"))
        {
            JsonElement correction = s.GetProperty("correction");
            if (!Only(correction, "rollout_is", "rollout_is_threshold"))
            {
                return null;
            }

            settings = settings with
            {
                Correction = correction.Text("rollout_is") == "token" ? new TisToken() : new TisSequence(),
                WeightCap = correction.GetProperty("rollout_is_threshold").GetDouble(),
            };
        }

        ObjectiveTotals totals = new(
            (whole.Optional("batch_num_tokens") ?? batch.Tokens) / parts,
            (whole.Optional("global_batch_size") ?? batch.NonEmpty) / parts
        );
        return new(Aggregate(settings, s.Text("agg"), whole.Optional("loss_scale_factor") ?? batch.Width), totals, false);
    }

    private static LossCase? Trl(JsonElement s, ReferenceBatch batch)
    {
        if (
            s.Text("level") != "token"
            || !Only(s, "loss_type", "level", "epsilon_low", "epsilon_high", "beta", "max_completion_length", "is_ratio_cap")
        )
        {
            return null;
        }

        ObjectiveSettings settings = Unbounded with
        {
            ClipLow = s.GetProperty("epsilon_low").GetDouble(),
            ClipHigh = s.GetProperty("epsilon_high").GetDouble(),
            DualClip = null,
            KlCoefficient = s.Optional("beta") ?? 0,
            Correction = s.Has("is_ratio_cap") ? new TisToken() : new NoCorrection(),
            WeightCap = s.Optional("is_ratio_cap") ?? 2,
        };
        // Fully masked responses count in TRL's means over responses.
        ObjectiveTotals totals = new(batch.Tokens, batch.Count);
        return s.Text("loss_type") switch
        {
            "grpo" => new(settings with { Aggregation = LossAggregation.SequenceMean }, totals, false),
            "bnpo" or "dapo" => new(settings with { Aggregation = LossAggregation.TokenMean }, totals, false),
            "dr_grpo" => new(
                settings with
                {
                    Aggregation = LossAggregation.SumOverSequencesTimesConstant,
                    AggregationConstant = s.GetProperty("max_completion_length").GetDouble(),
                },
                totals,
                false
            ),
            _ => null,
        };
    }

    private static LossCase? Luffy(JsonElement s, ReferenceBatch batch)
    {
        // Its upper bound acts only above 1 + cliprange.
        bool known =
            Only(s, "cliprange", "clip_upper_bound", "off_policy_reshape", "gamma_via_target", "loss_remove_token_mean", "loss_remove_clip")
            && (s.Optional("clip_upper_bound") ?? 0) <= 1 + s.GetProperty("cliprange").GetDouble();
        double? lambda = s.Optional("gamma_via_target")
            ?? (
                s.Has("off_policy_reshape") && s.Text("off_policy_reshape").Split("p_div_p_") is [_, var number]
                    ? double.Parse(number, CultureInfo.InvariantCulture)
                    : null
            );
        if (!known || lambda is null)
        {
            return null;
        }

        double clip = Flag(s, "loss_remove_clip") ? double.PositiveInfinity : s.GetProperty("cliprange").GetDouble();
        ObjectiveSettings settings = Unbounded with { ClipLow = clip, ClipHigh = clip, DualClip = null, Lambda = lambda.Value };
        return new(
            Aggregate(settings, Flag(s, "loss_remove_token_mean") ? "constant" : "token-mean", batch.Width),
            new(batch.Tokens, batch.Count),
            true
        );
    }

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

    private static LossCase? Areal(JsonElement s, ReferenceBatch batch)
    {
        if (!Only(s, "eps_clip", "eps_clip_higher", "c_clip", "rejection"))
        {
            return null;
        }

        ObjectiveSettings settings = Unbounded with
        {
            ClipLow = s.GetProperty("eps_clip").GetDouble(),
            ClipHigh = s.Optional("eps_clip_higher") ?? s.GetProperty("eps_clip").GetDouble(),
            DualClip = s.Optional("c_clip"),
        };
        ObjectiveTotals totals = new(batch.Tokens, batch.NonEmpty);
        JsonElement rejection = s.GetProperty("rejection");
        if (rejection.ValueKind is JsonValueKind.Null)
        {
            return new(settings, totals, false);
        }

        double? lower = rejection.Optional("lower");
        double upper = rejection.GetProperty("upper").GetDouble();
        ObjectiveSettings banded = settings with { BandLow = lower ?? 0, BandHigh = upper };
        return (rejection.Text("level"), rejection.Text("action"), rejection.Text("metric"), rejection.Text("agg")) switch
        {
            ("token", "clamp", "ratio", _) when lower is null => new(
                settings with
                {
                    Correction = new Decoupled(),
                    WeightCap = upper,
                },
                totals,
                false
            ),
            ("token", "mask", "ratio", _) => new(banded with { Correction = new IcePop() }, totals, false),
            ("sequence", "mask", "ratio", "mean") => new(
                banded with
                {
                    Correction = new SequenceMask(),
                    SequenceMaskWeight = SequenceMaskWeight.GeometricMean,
                },
                totals,
                false
            ),
            _ => null,
        };
    }

    /// <summary>Software that bounds neither log-ratios nor the KL penalty.</summary>
    private static ObjectiveSettings Unbounded { get; } =
        new()
        {
            Correction = new NoCorrection(),
            LogRatioLimit = double.PositiveInfinity,
            KlLimit = double.PositiveInfinity,
        };

    private static ObjectiveSettings Clip(JsonElement s) =>
        new()
        {
            Correction = new NoCorrection(),
            ClipLow = s.GetProperty("clip_low").GetDouble(),
            ClipHigh = s.GetProperty("clip_high").GetDouble(),
            DualClip = s.Optional("dual_clip"),
        };

    private static ObjectiveSettings Aggregate(ObjectiveSettings settings, string name, double constant) =>
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

    private static bool Only(JsonElement settings, params string[] known) =>
        settings.EnumerateObject().All(property => known.Contains(property.Name));

    private static bool Flag(JsonElement settings, string name) => settings.Has(name) && settings.GetProperty(name).GetBoolean();
}
