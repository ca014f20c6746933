using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>The settings of the cases in <c>tests/ReferenceValues</c>: the default where a key is absent.</summary>
internal static class PlainLosses
{
    private static readonly ObjectiveSettings Defaults = new() { Correction = new NoCorrection(), AggregationConstant = 64 };

    public static ObjectiveSettings Settings(JsonElement settings) => settings.EnumerateObject().Aggregate(Defaults, With);

    private static ObjectiveSettings With(ObjectiveSettings settings, JsonProperty option)
    {
        JsonElement value = option.Value;
        return option.Name switch
        {
            "clip_low" => settings with { ClipLow = value.GetDouble() },
            "clip_high" => settings with { ClipHigh = value.GetDouble() },
            "dual_clip" => settings with { DualClip = value.ValueKind is JsonValueKind.Null ? null : value.GetDouble() },
            "aggregation" => settings with { Aggregation = Aggregation(value.GetString()) },
            "kl_coefficient" => settings with { KlCoefficient = value.GetDouble() },
            "expert_shape" => settings with { ExpertShape = Shape(value.GetString()) },
            "expert_denominator" => settings with { ExpertDenominator = Denominator(value.GetString()) },
            "lam" => settings with { Lambda = value.GetDouble() },
            "expert_logp_floor" => settings with { ExpertLogProbabilityFloor = value.GetDouble() },
            "correction" => settings with { Correction = CorrectionRegistry.BuiltIn.Get(value.GetString()!) },
            "cap" => settings with { WeightCap = value.GetDouble() },
            "low" => settings with { BandLow = value.GetDouble() },
            "high" => settings with { BandHigh = value.GetDouble() },
            "mask_weight" => settings with { SequenceMaskWeight = MaskWeight(value.GetString()) },
            "tv" => settings with { TvThreshold = value.GetDouble() },
            "proximal" => settings with { Proximal = Proximal(value.GetString()) },
            _ => throw new InvalidDataException($"Unknown option: {option}"),
        };
    }

    private static LossAggregation Aggregation(string? name) =>
        name switch
        {
            "token-mean" => LossAggregation.TokenMean,
            "sequence-mean" => LossAggregation.SequenceMean,
            "sum-over-constant" => LossAggregation.SumOverConstant,
            "sum-over-sequences-times-constant" => LossAggregation.SumOverSequencesTimesConstant,
            _ => throw new InvalidDataException($"Unknown aggregation: {name}"),
        };

    private static ExpertShape Shape(string? name) => name == "log-probability" ? ExpertShape.LogProbability : throw Unknown(name);

    private static ExpertDenominator Denominator(string? name) => name == "behaviour" ? ExpertDenominator.Behaviour : throw Unknown(name);

    private static SequenceMaskWeight MaskWeight(string? name) =>
        name == "geometric-mean" ? SequenceMaskWeight.GeometricMean : throw Unknown(name);

    private static ProximalPolicy Proximal(string? name) => name == "interpolated" ? ProximalPolicy.Interpolated : throw Unknown(name);

    private static InvalidDataException Unknown(string? name) => new($"Unknown value of an option: {name}");
}
