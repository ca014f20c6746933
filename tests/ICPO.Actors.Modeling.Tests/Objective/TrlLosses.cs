using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>TRL's loss types in this project's options.</summary>
internal static class TrlLosses
{
    private static readonly string[] Known =
    [
        "loss_type",
        "level",
        "epsilon_low",
        "epsilon_high",
        "beta",
        "max_completion_length",
        "is_ratio_cap",
        "delta",
        "use_bias_correction_kl",
        "off_policy_mask_threshold",
        "sapo_temperature_pos",
        "sapo_temperature_neg",
    ];

    public static LossCase? Map(JsonElement s, ReferenceBatch batch)
    {
        if (!ReferenceLosses.Only(s, Known))
        {
            return null;
        }

        ObjectiveSettings settings = ReferenceLosses.Unbounded with
        {
            ClipLow = s.GetProperty("epsilon_low").GetDouble(),
            ClipHigh = s.GetProperty("epsilon_high").GetDouble(),
            DualClip = null,
            Ratio = s.Text("level") == "sequence" ? RatioForm.Sequence : RatioForm.Token,
            RatioCap = s.Optional("delta"),
            KlCoefficient = s.Optional("beta") ?? 0,
            KlWeighted = ReferenceLosses.Flag(s, "use_bias_correction_kl"),
            Correction = s.Has("is_ratio_cap") ? new TisToken() : new NoCorrection(),
            WeightCap = s.Optional("is_ratio_cap") ?? 2,
            Masks = s.Optional("off_policy_mask_threshold") is { } drift ? [new NegativeDrift(drift)] : [],
        };

        // Fully masked responses count in its means over responses.
        ObjectiveTotals totals = new(batch.Tokens, batch.Count);
        return Form(s, settings) is { } form ? new(form, totals, false) : null;
    }

    private static ObjectiveSettings? Form(JsonElement s, ObjectiveSettings settings)
    {
        ObjectiveSettings sequences = settings with { Aggregation = LossAggregation.SequenceMean };
        ObjectiveSettings tokens = settings with { Aggregation = LossAggregation.TokenMean };
        ObjectiveSettings sums = settings with { Aggregation = LossAggregation.SumOverSequencesTimesConstant };
        return s.Text("loss_type") switch
        {
            "grpo" => sequences,
            "bnpo" or "dapo" => tokens,
            "dr_grpo" => sums with { AggregationConstant = s.GetProperty("max_completion_length").GetDouble() },

            // The loss of a sequence times its length.
            "luspo" => sums with { AggregationConstant = 1 },

            // It has an absolute cap and no lower bound.
            "cispo" => tokens with { PolicyLoss = new Cispo(), ClipLow = 1, ClipHigh = settings.ClipHigh - 1 },
            "sapo" => sequences with
            {
                PolicyLoss = new Sapo(),
                GatePositive = s.Optional("sapo_temperature_pos") ?? 1,
                GateNegative = s.Optional("sapo_temperature_neg") ?? 1.05,
            },
            "vespo" => tokens with { PolicyLoss = new Vespo(), LogRatioLimit = 20 },
            _ => null,
        };
    }
}
