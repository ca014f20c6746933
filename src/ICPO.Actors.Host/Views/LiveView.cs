using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Health;
using ICPO.Actors.Progress;
using ICPO.Actors.Runs;
using Spectre.Console;

namespace ICPO.Actors.Host.Views;

/// <summary>A panel that is redrawn in place while the run progresses.</summary>
internal sealed class LiveView(IAnsiConsole console) : IRunView
{
    private const string Bars = " ▁▂▃▄▅▆▇█";
    private const int BarWidth = 40;
    private readonly List<(long Update, double Accuracy)> _curve = [];

    public async Task ShowAsync(IIcpoRun run, CancellationToken stop)
    {
        console.MarkupLineInterpolated($"[grey]Run directory: {run.Directory}[/]");
        await console
            .Live(new Text("Starting …"))
            .AutoClear(false)
            .StartAsync(async live =>
            {
                await foreach (RunProgress progress in run.ProgressAsync(CancellationToken.None))
                {
                    if (progress is { Accuracy: { } accuracy, AccuracyAt: { } at } && (_curve.Count == 0 || _curve[^1].Update != at))
                    {
                        _curve.Add((at, accuracy));
                    }

                    live.UpdateTarget(Draw(progress, stop.IsCancellationRequested));
                }
            });
    }

    private Panel Draw(RunProgress p, bool stopping)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("update", $"{Bar((double)p.Update / Math.Max(1, p.Updates))} {p.Update} of {p.Updates}");
        Row(
            "accuracy",
            p.Accuracy is { } accuracy
                ? $"[bold]{Format.Percent(accuracy)}[/] at update {p.AccuracyAt}  [green]{Sparkline()}[/]"
                : "[grey]not measured yet[/]"
        );
        Row("reward", p.Reward is { } reward ? $"{Bar(reward)} {reward:0.00}" : "[grey]none yet[/]");
        Row("tokens/s", $"{Format.Count(p.GeneratedTokensPerSecond)} generated, {Format.Count(p.TrainedTokensPerSecond)} trained");
        Row("staleness", $"{p.StalenessMean:0.00} mean, {p.StalenessMax} max");
        if (p.ExpertAccepted is { } accepted)
        {
            Row("experts", $"{Bar(accepted)} {Format.Percent(accepted)} accepted");
        }

        Row(
            "time",
            Format.Duration(p.Elapsed) + (p is { Phase: RunPhase.Training, Remaining: { } left } ? $", {Format.Duration(left)} left" : "")
        );
        Row("health", p.Health.IsEmpty ? "[green]no complaint[/]" : Health(p.Health));

        // This row is always present, so that the height of the view does not change.
        grid.AddRow(
            new Markup(""),
            stopping
                ? new Markup("[yellow]Stopping after this update; press Ctrl-C again to end immediately.[/]")
                : new Text(p.Message ?? "")
        );
        return new Panel(grid).Header($" icpo · {p.Phase.ToString().ToLowerInvariant()} ").Border(BoxBorder.Rounded).Expand();

        void Row(string name, string markup) => grid.AddRow(new Markup($"[grey]{name}[/]"), new Markup(markup));
    }

    /// <summary>One line for any number of findings; all of them are in run.log.</summary>
    private static string Health(ImmutableArray<HealthFinding> findings)
    {
        string more = findings.Length > 1 ? $" (and {findings.Length - 1} more: see run.log)" : "";
        return $"[yellow]{Markup.Escape($"{findings[0].Rule}: {findings[0].Problem}{more}")}[/]";
    }

    private static string Bar(double share)
    {
        int filled = (int)Math.Round(BarWidth * Math.Clamp(share, 0, 1));
        return $"[blue]{new string('━', filled)}[/][grey]{new string('─', BarWidth - filled)}[/]";
    }

    private string Sparkline() =>
        string.Concat(_curve.TakeLast(BarWidth).Select(c => Bars[(int)Math.Round((Bars.Length - 1) * Math.Clamp(c.Accuracy, 0, 1))]));
}
