using ICPO.Actors.Progress;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Views;

/// <summary>For logs and pipes: one line per evaluation, per message, per phase and per tenth of the run.</summary>
internal sealed class PlainView(TextWriter output) : IRunView
{
    public async Task ShowAsync(IIcpoRun run, CancellationToken stop)
    {
        output.WriteLine($"Run directory: {run.Directory}");
        (long? evaluated, long written, RunPhase? phase, string? message) = (null, 0, null, null);
        await foreach (RunProgress p in run.ProgressAsync(CancellationToken.None))
        {
            bool due =
                p.Update >= written + Math.Max(1, p.Updates / 10)
                || p.AccuracyAt != evaluated
                || p.Phase != phase
                || (p.Message is not null && p.Message != message);
            if (due)
            {
                (evaluated, written, phase, message) = (p.AccuracyAt, p.Update, p.Phase, p.Message);
                output.WriteLine(Line(p));
            }
        }
    }

    private static string Line(RunProgress p)
    {
        List<string> parts =
        [
            $"{Format.Duration(p.Elapsed), 7} {p.Phase.ToString().ToLowerInvariant(), -10} update {p.Update}/{p.Updates}",
        ];
        Add(p.Accuracy is { } accuracy ? $"accuracy {Format.Percent(accuracy)} (update {p.AccuracyAt})" : null);
        if (p.Phase == RunPhase.Training && p.Update > 0)
        {
            Add(p.Reward is { } reward ? $"reward {Format.Fixed(reward, 2)}" : null);
            Add($"{Format.Count(p.GeneratedTokensPerSecond)} tok/s generated, {Format.Count(p.TrainedTokensPerSecond)} trained");
            Add($"staleness {Format.Fixed(p.StalenessMean, 2)} (max {p.StalenessMax})");
            Add(p.ExpertAccepted is { } accepted ? $"experts accepted {Format.Percent(accepted)}" : null);
            Add(p.Remaining is { } remaining ? $"{Format.Duration(remaining)} left" : null);
        }

        // The message of a new finding names its rule.
        string[] rules = [.. p.Health.Where(finding => finding.ToString() != p.Message).Select(finding => finding.Rule)];
        Add(rules.Length == 0 ? null : $"health: {string.Join(", ", rules)}");
        Add(p.Message);
        return string.Join(", ", parts);

        void Add(string? part)
        {
            if (!string.IsNullOrEmpty(part))
            {
                parts.Add(part);
            }
        }
    }
}
