using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>verl's policy losses and rollout corrections in this project's options.</summary>
internal static class VerlLosses
{
    private static readonly string[] Known =
    [
        "loss",
        "clip_low",
        "clip_high",
        "dual_clip",
        "agg",
        "global_batch_info",
        "kl",
        "kl_coef",
        "correction",
        "rollout_correction",
        "tau_pos",
        "tau_neg",
    ];

    public static LossCase? Map(JsonElement s, ReferenceBatch batch)
    {
        if (!ReferenceLosses.Only(s, Known) || Form(s) is not { } settings || (s.Has("kl") && s.Text("kl") is not ("k3" or "low_var_kl")))
        {
            return null;
        }

        JsonElement whole = s.Has("global_batch_info") ? s.GetProperty("global_batch_info") : default;
        double parts = whole.Optional("dp_size") ?? 1;
        settings = settings with { KlCoefficient = s.Optional("kl_coef") ?? 0 };
        bool masks = false;
        if (s.Has("correction"))
        {
            if (Correction(s.GetProperty("correction"), settings) is not { } corrected)
            {
                return null;
            }

            (settings, masks) = (corrected, s.GetProperty("correction").Has("rollout_rs"));
        }

        // GMPO's mean is over all sequences, fully masked ones too.
        double sequences = s.Text("loss") == "geo_mean" ? batch.Count : batch.NonEmpty;
        bool bypasses = s.Text("loss") == "bypass_mode";
        ObjectiveTotals totals = new(
            (whole.Optional("batch_num_tokens") ?? (masks || bypasses ? Kept(batch, settings) : batch.Tokens)) / parts,
            (whole.Optional("global_batch_size") ?? sequences) / parts
        );
        string aggregation = s.Has("agg") ? s.Text("agg") : "seq-mean-token-mean";
        return new(ReferenceLosses.Aggregate(settings, aggregation, whole.Optional("loss_scale_factor") ?? batch.Width), totals, false)
        {
            HasNoProximal = bypasses,
        };
    }

    /// <summary>The weights and masks of a rollout correction; null if one cannot be expressed.</summary>
    public static ObjectiveSettings? Correction(JsonElement s, ObjectiveSettings settings)
    {
        if (!ReferenceLosses.Only(s, "rollout_is", "rollout_is_threshold", "rollout_rs", "rollout_rs_threshold", "loss_type"))
        {
            return null;
        }

        if (s.Has("rollout_is"))
        {
            settings = settings with
            {
                Correction = s.Text("rollout_is") == "token" ? new TisToken() : new TisSequence(),
                WeightCap = s.GetProperty("rollout_is_threshold").GetDouble(),
            };
        }

        return s.Has("rollout_rs") ? settings with { Masks = [.. Masks(s)] } : settings;
    }

    private static ObjectiveSettings? Form(JsonElement s)
    {
        ObjectiveSettings clip = s.Has("clip_low") ? ReferenceLosses.Clip(s) : new() { Correction = new NoCorrection() };
        return s.Text("loss") switch
        {
            "vanilla" => clip,

            // It bounds the logarithm at 10, from above only.
            "gspo" => clip with { Ratio = RatioForm.Sequence, LogRatioLimit = 10 },
            "cispo" => clip with { PolicyLoss = new Cispo() },
            "sapo" => clip with
            {
                PolicyLoss = new Sapo(),
                GatePositive = s.GetProperty("tau_pos").GetDouble(),
                GateNegative = s.GetProperty("tau_neg").GetDouble(),
            },
            "gpg" => clip with { PolicyLoss = new Reinforce() },
            "geo_mean" => clip with { PolicyLoss = new Gmpo(), LogRatioLimit = double.PositiveInfinity },
            "bypass_mode" => Bypass(s.GetProperty("rollout_correction"), clip),
            _ => null,
        };
    }

    /// <summary>Its weights act on reinforce alone; its mask compares π_θ with μ.</summary>
    private static ObjectiveSettings? Bypass(JsonElement s, ObjectiveSettings clip) =>
        (s.Text("loss_type"), Correction(s, clip)) switch
        {
            ("ppo_clip", { } settings) => settings with { Correction = new Bypass() },
            ("reinforce", { } settings) => settings with { PolicyLoss = new Reinforce() },
            _ => null,
        };

    private static IEnumerable<TokenMask> Masks(JsonElement s)
    {
        JsonElement bounds = s.GetProperty("rollout_rs_threshold");
        string[] texts = (bounds.ValueKind is JsonValueKind.String ? bounds.GetString()! : bounds.GetRawText()).Split(',');
        foreach ((string name, string text) in s.Text("rollout_rs").Split(',').Zip(texts))
        {
            int cut = name.LastIndexOf('_');
            MaskLevel level = name[..cut] switch
            {
                "token" => MaskLevel.Token,
                "seq_sum" => MaskLevel.SequenceSum,
                "seq_mean" => MaskLevel.SequenceMean,
                "seq_max" => MaskLevel.SequenceMax,
                var other => throw new InvalidDataException($"Unknown level: {other}"),
            };
            double[] limits = [.. text.Split('_').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];

            // Its k1 bands act on μ/π_prox, ours on π_prox/μ.
            yield return name[(cut + 1)..] switch
            {
                "k1" => new DivergenceMask(level, MaskMetric.Ratio, 1 / limits[^1], limits.Length > 1 ? 1 / limits[0] : limits[0]),
                "k2" => new DivergenceMask(level, MaskMetric.K2, 0, limits[0]),
                "k3" => new DivergenceMask(level, MaskMetric.K3, 0, limits[0]),
                var other => throw new InvalidDataException($"Unknown divergence: {other}"),
            };
        }
    }

    /// <summary>Tokens after the masks: verl divides by these.</summary>
    private static double Kept(ReferenceBatch batch, ObjectiveSettings settings)
    {
        ObjectiveInputs inputs = batch.Inputs(batch.Values("logp"), "adv_std", false, new(1, 1));
        inputs = settings.Correction is Bypass || settings.PolicyLoss is Reinforce ? inputs with { Proximal = null } : inputs;
        Tensor logRho = PolicyObjective.Anchor(inputs, settings) - inputs.Behaviour;
        Tensor? kept = PolicyObjective.Weigh(inputs, logRho, settings).Kept;
        return kept is null ? batch.Tokens : (kept * inputs.Mask).sum().item<double>();
    }
}
