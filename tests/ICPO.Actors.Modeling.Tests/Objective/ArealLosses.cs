using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>AReaL's actor loss with its rejection of stale tokens in this project's options.</summary>
internal static class ArealLosses
{
    public static LossCase? Map(JsonElement s, ReferenceBatch batch)
    {
        ObjectiveTotals totals = new(batch.Tokens, batch.NonEmpty);
        if (s.Has("loss") && s.Text("loss") == "areal-sapo")
        {
            ObjectiveSettings sapo = ReferenceLosses.Unbounded with
            {
                PolicyLoss = new Sapo(),
                GatePositive = s.GetProperty("tau_pos").GetDouble(),
                GateNegative = s.GetProperty("tau_neg").GetDouble(),
            };
            return new(sapo, totals, false);
        }

        if (!ReferenceLosses.Only(s, "eps_clip", "eps_clip_higher", "c_clip", "rejection", "level"))
        {
            return null;
        }

        ObjectiveSettings settings = ReferenceLosses.Unbounded with
        {
            ClipLow = s.GetProperty("eps_clip").GetDouble(),
            ClipHigh = s.Optional("eps_clip_higher") ?? s.GetProperty("eps_clip").GetDouble(),
            DualClip = s.Optional("c_clip"),
            Ratio = s.Has("level") && s.Text("level") == "sequence" ? RatioForm.Sequence : RatioForm.Token,
        };
        JsonElement rejection = s.GetProperty("rejection");
        return rejection.ValueKind is JsonValueKind.Null ? new(settings, totals, false)
            : Reject(rejection, settings) is { } rejected ? new(rejected, totals, false)
            : null;
    }

    private static ObjectiveSettings? Reject(JsonElement s, ObjectiveSettings settings)
    {
        double low = s.Optional("lower") ?? 0;
        double high = s.GetProperty("upper").GetDouble();
        (string level, string action, string metric, string aggregation) = (
            s.Text("level"),
            s.Text("action"),
            s.Text("metric"),
            s.Text("agg")
        );
        ObjectiveSettings banded = settings with { BandLow = low, BandHigh = high };
        if (action == "mask" && metric == "ratio" && level == "token")
        {
            return banded with { Correction = new IcePop() };
        }

        if (action == "mask" && metric == "ratio" && aggregation == "mean")
        {
            return banded with { Correction = new SequenceMask(), SequenceMaskWeight = SequenceMaskWeight.GeometricMean };
        }

        bool geometric = level == "sequence" && metric == "ratio";
        ObjectiveSettings weighted = settings with { Correction = geometric ? new TisGeometric() : new Decoupled() };
        if (action == "clamp")
        {
            return metric == "ratio" ? weighted with { WeightFloor = low, WeightCap = high } : null;
        }

        MaskLevel place = (level, aggregation) switch
        {
            ("token", _) => MaskLevel.Token,
            (_, "mean") => MaskLevel.SequenceMean,
            (_, "sum") => MaskLevel.SequenceSum,
            _ => MaskLevel.SequenceMax,
        };
        DivergenceMask mask = metric switch
        {
            // A mean of log ρ is the logarithm of a geometric mean of ρ.
            "kl_k1" => new(place, MaskMetric.Ratio, s.Optional("lower") is { } least ? Math.Exp(least) : 0, Math.Exp(high)),
            "kl_k2" => new(place, MaskMetric.K2, low, high),
            "kl_k3" => new(place, MaskMetric.ReverseK3, low, high),
            _ => new(place, MaskMetric.Ratio, low, high),
        };
        return weighted with { WeightCap = double.PositiveInfinity, Masks = [mask] };
    }
}
