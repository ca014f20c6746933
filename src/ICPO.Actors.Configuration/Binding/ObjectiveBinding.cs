using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Objective.Masks;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>objective</c>.</summary>
internal static class ObjectiveBinding
{
    public static ObjectiveSettings Bind(SettingsReader read, AdmissionSettings admission) =>
        new()
        {
            PolicyLoss = PolicyLossRegistry.Get(read.Choice("objective.policy-loss", [.. PolicyLossRegistry.Names])),
            Ratio = read.Choice<RatioForm>("objective.ratio"),
            ClipLow = read.Number("objective.clip-low", 0),
            ClipHigh = read.Number("objective.clip-high", 0),
            DualClip = read.NumberOrOff("objective.dual-clip", 1, above: true),
            RatioCap = read.NumberOrOff("objective.ratio-cap", 0, above: true),
            GatePositive = read.Number("objective.sapo.temperature-positive", 0, above: true),
            GateNegative = read.Number("objective.sapo.temperature-negative", 0, above: true),
            PositiveWeight = read.Number("objective.srft.positive-weight", 0),
            TeacherMaxDrop = read.Number("objective.opsd.max-drop", 0),
            TeacherRatioPenalty = read.Number("objective.opsd.ratio-penalty", 0),
            KernelPositive = Kernel(read, "positive"),
            KernelNegative = Kernel(read, "negative"),
            Aggregation = read.Choice<LossAggregation>("objective.aggregation"),
            AggregationConstant = read.Number("objective.aggregation-constant", 0, above: true),
            ExpertShape = read.Choice<ExpertShape>("objective.expert-shape"),
            ExpertDenominator = read.Choice<ExpertDenominator>("objective.expert-denominator"),
            Lambda = read.Number("objective.lambda", 0, above: true),
            ExpertTermMin = read.NumberOrOff("objective.expert-term-min", double.MinValue),
            ExpertTermMax = read.NumberOrOff("objective.expert-term-max", double.MinValue),
            ImitationCoefficient = read.Number("objective.imitation-coefficient", 0),
            ImitationByEntropy = read.Flag("objective.imitation-by-entropy"),
            ExpertLogProbabilityFloor = read.NumberOrOff("objective.expert-log-probability-floor", double.MinValue),
            KlCoefficient = read.Number("objective.kl-coefficient", 0),
            TeacherCoefficient = read.Number("objective.teacher-coefficient", 0),
            KlEstimator = read.Choice<KlEstimator>("objective.kl-estimator"),
            KlWeighted = read.Flag("objective.kl-weighted"),
            EntropyCoefficient = read.Number("objective.entropy-coefficient", 0),
            Correction = Correction(read, admission),
            Masks = Masks(read),
            Proximal = read.Choice<ProximalPolicy>("objective.proximal"),
            WeightFloor = read.Number("objective.weight-floor", 0),
            WeightCap = read.Number("objective.weight-cap", 0, above: true),
            BandLow = read.Number("objective.band-low", 0),
            BandHigh = read.Number("objective.band-high", 0, above: true),
            SequenceMaskWeight = read.Choice<SequenceMaskWeight>("objective.sequence-mask-weight"),
            TvThreshold = read.Number("objective.tv-threshold", 0, above: true),
        };

    /// <summary>Reports objective keys that are valid one by one but contradict each other.</summary>
    public static void Check(SettingsReader read, ObjectiveSettings objective)
    {
        read.Require(
            objective.BandLow < objective.BandHigh,
            $"icpo.objective.band-low = {objective.BandLow} must be less than icpo.objective.band-high = {objective.BandHigh}."
        );
        read.Require(
            objective.WeightFloor <= objective.WeightCap,
            $"icpo.objective.weight-floor = {objective.WeightFloor} exceeds icpo.objective.weight-cap = {objective.WeightCap}."
        );
        read.Require(
            !(objective.ExpertTermMin > objective.ExpertTermMax),
            $"icpo.objective.expert-term-min = {objective.ExpertTermMin} exceeds icpo.objective.expert-term-max = "
                + $"{objective.ExpertTermMax}."
        );
        bool scoresProximal = objective.Correction.NeedsProximal && objective.Proximal is ProximalPolicy.StartOfUpdate;
        read.Require(
            scoresProximal || !objective.Masks.Any(mask => mask.NeedsMiniBatch),
            "icpo.objective.masks contains second-moment, which compares the proximal policy of all tokens of a mini-batch; set "
                + "icpo.objective.proximal = start-of-update and a correction other than dppo-tv and bypass."
        );
    }

    /// <summary>Reports a teacher that is missing, or that nothing learns from.</summary>
    public static void CheckTeacher(SettingsReader read, ObjectiveSettings objective, bool hasTeacher)
    {
        read.Require(
            hasTeacher || !objective.NeedsTeacher,
            $"icpo.objective.policy-loss = {objective.PolicyLoss.Name} with icpo.objective.teacher-coefficient = "
                + $"{objective.TeacherCoefficient} learns from a teacher, but there is none; set icpo.expert.teacher = solution or steered."
        );
        read.Require(
            !hasTeacher || objective.NeedsTeacher,
            "icpo.expert.teacher is set, but nothing learns from the teacher; set icpo.objective.policy-loss = opsd or "
                + "icpo.objective.teacher-coefficient, or icpo.expert.teacher = none."
        );
    }

    private static (double Power, double Decay) Kernel(SettingsReader read, string sign) =>
        (read.Number($"objective.vespo.power-{sign}", 0), read.Number($"objective.vespo.decay-{sign}", 0));

    private static ImmutableArray<TokenMask> Masks(SettingsReader read)
    {
        ImmutableArray<string> entries = read.List("objective.masks");
        TokenMask?[] masks = [.. entries.Select(MaskRegistry.Parse)];
        foreach ((string entry, TokenMask? mask) in entries.Zip(masks))
        {
            read.Require(
                mask is not null,
                $"icpo.objective.masks: \"{entry}\" is not a mask; write a name and an upper bound, or a name and both bounds, such as "
                    + $"\"token-ratio 0.5 2\". Names are {string.Join(", ", MaskRegistry.Names)}."
            );
        }

        ImmutableArray<TokenMask> known = [.. masks.OfType<TokenMask>()];
        read.Require(
            known.Select(mask => mask.Name).Distinct().Count() == known.Length,
            "icpo.objective.masks names a mask twice; write one entry with the stricter bounds."
        );
        return known;
    }

    private static StalenessCorrection Correction(SettingsReader read, AdmissionSettings admission)
    {
        string name = read.Choice("objective.correction", ["auto", .. CorrectionRegistry.BuiltIn.Names]);
        string resolved = admission.MaxStaleness > 0 ? "decoupled" : "none";
        return CorrectionRegistry.BuiltIn.Get(name == "auto" ? resolved : name);
    }
}
