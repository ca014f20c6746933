namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Responses do not end by themselves.</summary>
internal sealed class CutOff : IHealthRule
{
    public string Name => "cut-off";

    public string Advice =>
        "Raise sampler.max-tokens or the task's own limit (task.jsonl.max-tokens), or check stop strings and the chat template, so that "
        + "responses can end.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        settings.CutOffShare is { } bound && window.Mean("completions/clipped_ratio") is { } share && share >= bound
            ? $"{Text.Percent(share)} of the responses were cut off at the token limit"
            : null;
}
