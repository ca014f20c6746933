namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>The verifier fails on many responses.</summary>
internal sealed class VerifierFaults : IHealthRule
{
    public string Name => "verifier-faults";

    public string Advice => "run.log has the errors; a slow verifier needs a longer verification.timeout or more verification.memory.";

    public string? Check(HealthWindow window, HealthSettings settings) =>
        settings.VerifierFaultShare is { } bound
        && window.Share(sample => sample.VerifierFaults, sample => sample.Judged) is { } share
        && share >= bound
            ? $"the verifier failed on {Text.Percent(share)} of the responses, which do not train"
            : null;
}
