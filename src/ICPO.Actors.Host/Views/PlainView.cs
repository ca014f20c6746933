using System.Globalization;
using ICPO.Actors.Progress;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Views;

/// <summary>One line per evaluation, message and every tenth of the run, for logs and pipes.</summary>
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
        List<string> parts = [$"{Sentences.Time(p.Elapsed), 7} {p.Phase.ToString().ToLowerInvariant(), -10} update {p.Update}/{p.Updates}"];
        Add(p.Accuracy is { } accuracy ? $"accuracy {Sentences.Percent(accuracy)} (update {p.AccuracyAt})" : null);
        if (p.Phase == RunPhase.Training && p.Update > 0)
        {
            Add(p.Reward is { } reward ? $"reward {reward.ToString("0.00", CultureInfo.InvariantCulture)}" : null);
            Add($"{Sentences.Count(p.GeneratedTokensPerSecond)} tok/s generated, {Sentences.Count(p.TrainedTokensPerSecond)} trained");
            Add($"staleness {p.StalenessMean.ToString("0.00", CultureInfo.InvariantCulture)} (max {p.StalenessMax})");
            Add(p.ExpertAccepted is { } accepted ? $"experts accepted {Sentences.Percent(accepted)}" : null);
            Add(p.Remaining is { } remaining ? $"{Sentences.Time(remaining)} left" : null);
        }

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
