using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Batches;

/// <summary>
/// The names of a run's metrics, as <c>docs/metrics.md</c> lists them: the field's name (TRL's where it has one) with the origin last.
/// Names that earlier versions wrote, and those that a learner reports, are mapped to them.
/// </summary>
public static class MetricNames
{
    private static readonly FrozenDictionary<string, string> Renamed = Pairs().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The current name of a metric; the name itself if it was never changed.</summary>
    public static string Current(string name) => Renamed.GetValueOrDefault(name, name);

    /// <summary>The metrics under their current names; if both names occur, the value of the current one.</summary>
    public static ImmutableSortedDictionary<string, double> Current(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        ImmutableSortedDictionary<string, double>.Builder current = ImmutableSortedDictionary.CreateBuilder<string, double>(
            StringComparer.Ordinal
        );
        foreach ((string name, double value) in metrics)
        {
            if (!Renamed.TryGetValue(name, out string? renamed))
            {
                current[name] = value;
            }
            else if (!current.ContainsKey(renamed))
            {
                current.Add(renamed, value);
            }
        }

        return current.ToImmutable();
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        (string Old, string New)[] whole =
        [
            ("reward/policy", "reward/mean/policy"),
            ("reward/expert", "reward/mean/expert"),
            ("expert/accepted-share", "expert/acceptance_rate"),
            ("groups/no-signal-share", "frac_reward_zero_std"),
            ("rollout/length-mean", "completions/mean_length"),
            ("rollout/truncated-share", "completions/clipped_ratio"),
            ("tokens/generated-per-second", "tokens/generated_per_second"),
            ("tokens/trained-per-second", "tokens/trained_per_second"),
            ("gradient-norm", "grad_norm"),
            ("learning-rate", "lr"),
        ];
        (string Old, string New)[] byOrigin =
        [
            ("tokens", "tokens/trained"),
            ("loss", "loss"),
            ("ess", "ess"),
            ("chi2", "chi2"),
            ("k3", "k3"),
            ("log-ratio", "log_ratio"),
            ("probability", "probability"),
            ("weight", "weight"),
            ("masked", "masked_ratio"),
            ("clipped-high", "clip_ratio/high"),
            ("clipped-low", "clip_ratio/low"),
            ("dual-clipped", "clip_ratio/dual"),
            ("kl", "kl"),
            ("entropy", "entropy"),
        ];
        foreach ((string old, string current) in whole)
        {
            yield return KeyValuePair.Create(old, current);
        }

        foreach (string origin in new[] { "policy", "expert" })
        {
            foreach ((string old, string current) in byOrigin)
            {
                yield return KeyValuePair.Create($"{origin}/{old}", $"{current}/{origin}");
            }
        }
    }
}
