using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Hosting;

/// <summary>The metrics of earlier starts of a run.</summary>
/// <param name="Elapsed">Their wall time.</param>
/// <param name="AccuracyBefore">The accuracy before training, where one of them measured it.</param>
/// <param name="Updates">Updates that they made; a few may be missing after a crash.</param>
internal sealed record EarlierStarts(TimeSpan Elapsed, double? AccuracyBefore, long Updates)
{
    /// <summary>The history of a run that has not been started before.</summary>
    public static EarlierStarts Empty { get; } = new(TimeSpan.Zero, null, 0);

    /// <summary>Reads <c>metrics.jsonl</c>; without one nothing has happened before. Broken lines do not count.</summary>
    public static EarlierStarts Read(RunDirectory directory)
    {
        (double seconds, double? before, long updates) = (0, null, 0);
        foreach (object? line in HistoryReader.Lines(directory.Metrics, HistoryReader.Metric))
        {
            seconds = Math.Max(
                seconds,
                line switch
                {
                    UpdateLine update => update.Seconds,
                    EvaluationLine evaluation => evaluation.Seconds,
                    _ => 0,
                }
            );
            before = line is EvaluationLine { Update: 0 } first ? first.Accuracy : before;
            updates = Math.Max(
                updates,
                line switch
                {
                    UpdateLine update => update.Update,
                    EvaluationLine evaluation => evaluation.Update,
                    _ => 0,
                }
            );
        }

        return new EarlierStarts(TimeSpan.FromSeconds(seconds), before, updates);
    }
}
