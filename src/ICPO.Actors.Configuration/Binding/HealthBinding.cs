using ICPO.Actors.Algorithm.Health;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>health</c> and <c>run.health</c>.</summary>
internal static class HealthBinding
{
    public static HealthSettings Bind(SettingsReader read) =>
        new()
        {
            Action = read.Choice<HealthAction>("run.health"),
            Updates = read.Int("health.updates", 1, 10_000),
            NoSignalShare = Share(read, "no-signal-share"),
            CutOffShare = Share(read, "cut-off-share"),
            ExpertAcceptance = read.NumberOrOff("health.expert-acceptance", 0),
            GradientNorm = read.NumberOrOff("health.gradient-norm", 0),
            VerifierFaultShare = Share(read, "verifier-fault-share"),
            MaxKl = read.NumberOrOff("health.max-kl", 0),
            MinEntropy = read.NumberOrOff("health.min-entropy", 0),
            MaxEntropy = read.NumberOrOff("health.max-entropy", 0),
            MaxWeightGrowth = read.NumberOrOff("health.max-weight-growth", 1, above: true),
        };

    private static double? Share(SettingsReader read, string key) => read.NumberOrOff($"health.{key}", 0, 1, above: true);
}
