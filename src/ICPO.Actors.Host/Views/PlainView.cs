namespace ICPO.Actors.Host;

/// <summary>One line per evaluation, message and every tenth of the run, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter output) : IRunView
{
    public async Task ShowAsync(IIcpoRun run, CancellationToken stop)
    {
        output.WriteLine($"Run directory: {run.Directory}");
        (long? evaluated, long written, RunPhase? phase, string? message) = (null, 0, null, null);
        await foreach (RunProgress p in run.ProgressAsync(CancellationToken.None))
        {
            bool due = p.Update >= written + Math.Max(1, p.Updates / 10) || p.AccuracyAt != evaluated || p.Phase != phase || (p.Message is not null && p.Message != message);
            if (due)
            {
                (evaluated, written, phase, message) = (p.AccuracyAt, p.Update, p.Phase, p.Message);
                output.WriteLine(Line(p));
            }
        }
    }

    private static string Line(RunProgress p)
    {
        List<string> parts = [$"{Sentences.Time(p.Elapsed),7} {p.Phase.ToString().ToLowerInvariant(),-10} update {p.Update}/{p.Updates}"];
        Add(p.Accuracy is { } accuracy ? $"accuracy {Sentences.Percent(accuracy)} (update {p.AccuracyAt})" : null);
        Add(p.Reward is { } reward ? $"reward {reward:0.00}" : null);
        Add(p.GeneratedTokensPerSecond > 0 ? $"{Sentences.Count(p.GeneratedTokensPerSecond)} tok/s generated, {Sentences.Count(p.TrainedTokensPerSecond)} trained" : null);
        Add(p.Update > 0 ? $"staleness {p.StalenessMean:0.00} (max {p.StalenessMax})" : null);
        Add(p.ExpertAccepted is { } accepted ? $"experts accepted {Sentences.Percent(accepted)}" : null);
        Add(p.Remaining is { } remaining ? $"{Sentences.Time(remaining)} left" : null);
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
