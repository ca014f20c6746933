using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Hosting;

/// <summary>What earlier starts of a run left in its metrics.</summary>
/// <param name="Elapsed">Their wall time.</param>
/// <param name="AccuracyBefore">The accuracy before training, where one of them measured it.</param>
internal sealed record EarlierStarts(TimeSpan Elapsed, double? AccuracyBefore)
{
    /// <summary>The history of a run that has not been started before.</summary>
    public static EarlierStarts Empty { get; } = new(TimeSpan.Zero, null);

    /// <summary>Reads <c>metrics.jsonl</c>; without one nothing has happened before. Broken lines do not count.</summary>
    public static EarlierStarts Read(RunDirectory directory)
    {
        (double seconds, double? before) = (0, null);
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
        }

        return new EarlierStarts(TimeSpan.FromSeconds(seconds), before);
    }
}
