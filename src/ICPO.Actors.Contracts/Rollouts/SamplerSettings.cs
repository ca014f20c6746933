using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>How tokens are sampled: temperature, then top-k, top-p and min-p, in this order.</summary>
public sealed record SamplerSettings
{
    /// <summary>The lowest temperature above 0; logits divided by a lower one may not be finite.</summary>
    public const double MinTemperature = 1e-6;

    /// <summary>Softmax temperature, at least <see cref="MinTemperature"/>, or 0, which takes the most probable token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Nucleus mass in (0, 1]; 1 is off.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Number of most probable tokens to keep (including ties with the last one); 0 disables it.</summary>
    public int TopK { get; init; }

    /// <summary>Least probability relative to the likeliest token, in [0, 1); 0 is off.</summary>
    public double MinP { get; init; }

    /// <summary>Maximum response length in tokens; 0 is the task's own limit, which an engine needs resolved.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Any of these ids ends the response (and is its last token).</summary>
    public ImmutableArray<int> StopTokens { get; init; } = [];

    /// <summary>The response ends with the token that completes any of these strings.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>True if the recorded log-probability is that of the whole softmax: nothing is cut off.</summary>
    public bool IsUntruncated => TopP >= 1 && TopK == 0 && MinP <= 0;
}
