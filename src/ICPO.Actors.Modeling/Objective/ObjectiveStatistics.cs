using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective;

/// <summary>Per-token tensors [N] of one objective call that the statistics read.</summary>
internal sealed record ObjectiveTokens
{
    public required Tensor Expert { get; init; }

    public required Tensor Advantage { get; init; }

    public required Tensor Scale { get; init; }

    public required Tensor Proximal { get; init; }

    public required Tensor Ratio { get; init; }

    public required Tensor TokenLoss { get; init; }

    public required Tensor? Kl { get; init; }

    /// <summary>log ρ, not truncated.</summary>
    public required Tensor LogRho { get; init; }

    public required TokenWeights Weights { get; init; }
}

/// <summary>
/// Sums over tokens by origin, before any truncation, in float64. Add the sums of the micro-batches; metrics are computed from the
/// total only.
/// </summary>
public sealed class ObjectiveStatistics
{
    // The order of the rows Compute stacks.
    private enum Row
    {
        Tokens,
        Loss,
        Rho,
        RhoSquared,
        K3,
        LogRatio,
        Probability,
        Weight,
        Dropped,
        Positive,
        Negative,
        ClippedHigh,
        ClippedLow,
        DualClipped,
        Kl,
        Entropy,
        Count,
    }

    private static readonly string[] Origins = ["policy", "expert"];

    private readonly double[] _sums;
    private readonly bool _hasKl;
    private readonly bool _hasEntropy;

    private ObjectiveStatistics(double[] sums, bool hasKl, bool hasEntropy) => (_sums, _hasKl, _hasEntropy) = (sums, hasKl, hasEntropy);

    /// <summary>No tokens.</summary>
    public static ObjectiveStatistics Empty { get; } = new(new double[2 * (int)Row.Count], false, false);

    /// <summary>Tokens that counted, both origins.</summary>
    public double Tokens => _sums[(int)Row.Tokens] + _sums[(int)Row.Count + (int)Row.Tokens];

    public static ObjectiveStatistics operator +(ObjectiveStatistics left, ObjectiveStatistics right) =>
        new([.. left._sums.Zip(right._sums, (a, b) => a + b)], left._hasKl || right._hasKl, left._hasEntropy || right._hasEntropy);

    internal static ObjectiveStatistics Compute(ObjectiveInputs inputs, ObjectiveSettings settings, ObjectiveTokens tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        Tensor one = ones_like(tokens.Ratio, dtype: ScalarType.Float64);
        Tensor zero = zeros_like(one);
        Tensor logRho = tokens.LogRho.to(ScalarType.Float64);
        Tensor rho = logRho.exp();
        Tensor positive = tokens.Advantage.Gt(0);
        Tensor negative = tokens.Advantage.Lt(0);
        Tensor dual = settings.DualClip is { } limit ? negative & tokens.Ratio.Gt(limit) : zero.to(ScalarType.Bool);
        Tensor[] rows =
        [
            one,
            tokens.TokenLoss * tokens.Scale,
            rho,
            rho * rho,
            rho.Sub(1) - logRho,
            inputs.LogProbs - tokens.Proximal,
            inputs.LogProbs.exp(),
            tokens.Weights.Weight ?? one,
            tokens.Weights.Kept is { } kept ? kept.RSub(1) : zero,
            positive,
            negative,
            positive & tokens.Ratio.Gt(1 + settings.ClipHigh),
            negative & tokens.Ratio.Lt(1 - settings.ClipLow),
            dual,
            tokens.Kl ?? zero,
            inputs.Entropy ?? zero,
        ];
        Tensor counted = inputs.Mask.Gt(0);
        Tensor all = stack(rows.Select(row => where(counted, row.detach().to(ScalarType.Float64), zero)), 0); // [R, N]
        Tensor expert = tokens.Expert.to(ScalarType.Float64);
        Tensor byOrigin = stack([(all * expert.RSub(1)).sum(1), (all * expert).sum(1)], 0); // [2, R]
        return new ObjectiveStatistics(byOrigin.cpu().data<double>().ToArray(), tokens.Kl is not null, inputs.Entropy is not null);
    }

    /// <summary>
    /// The metrics, each under <c>policy/</c> or <c>expert/</c>; an origin without tokens has none. For expert tokens ρ is
    /// staleness × steering: it is reported but not used. Entropy and KL are also reported for all tokens together.
    /// </summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics()
    {
        double All(Row row) => (_sums[(int)row] + _sums[(int)Row.Count + (int)row]) / Math.Max(1, Tokens);
        if (_hasEntropy)
        {
            yield return new("entropy", All(Row.Entropy));
        }

        if (_hasKl)
        {
            yield return new("kl", All(Row.Kl));
        }

        for (int origin = 0; origin < Origins.Length; origin++)
        {
            double[] sums = _sums[(origin * (int)Row.Count)..((origin + 1) * (int)Row.Count)];
            double tokens = sums[(int)Row.Tokens];
            if (tokens == 0)
            {
                continue;
            }

            foreach ((string name, double value) in Metrics(sums, tokens))
            {
                yield return new($"{Origins[origin]}/{name}", value);
            }
        }
    }

    private IEnumerable<(string Name, double Value)> Metrics(double[] sums, double tokens)
    {
        double Mean(Row row) => sums[(int)row] / tokens;
        double Share(Row row, Row of) => sums[(int)of] == 0 ? 0 : sums[(int)row] / sums[(int)of];
        yield return ("tokens", tokens);
        yield return ("loss", sums[(int)Row.Loss]);
        yield return ("ess", sums[(int)Row.Rho] * sums[(int)Row.Rho] / (tokens * sums[(int)Row.RhoSquared]));
        yield return ("chi2", Mean(Row.RhoSquared) - 1);
        yield return ("k3", Mean(Row.K3));
        yield return ("log-ratio", Mean(Row.LogRatio));
        yield return ("probability", Mean(Row.Probability));
        yield return ("weight", Mean(Row.Weight));
        yield return ("masked", Mean(Row.Dropped));
        yield return ("clipped-high", Share(Row.ClippedHigh, Row.Positive));
        yield return ("clipped-low", Share(Row.ClippedLow, Row.Negative));
        yield return ("dual-clipped", Share(Row.DualClipped, Row.Negative));
        if (_hasKl)
        {
            yield return ("kl", Mean(Row.Kl));
        }

        if (_hasEntropy)
        {
            yield return ("entropy", Mean(Row.Entropy));
        }
    }
}
