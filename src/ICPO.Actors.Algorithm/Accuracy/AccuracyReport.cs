using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Algorithm.Accuracy;

/// <summary>The verdicts of the samples of one question.</summary>
/// <param name="Tags">Facts that results are split by.</param>
/// <param name="Samples">Responses that were judged, at least 1.</param>
/// <param name="Correct">The correct ones among them.</param>
public sealed record QuestionResult(ImmutableSortedDictionary<string, string> Tags, int Samples, int Correct)
{
    /// <summary>One response to a question.</summary>
    public static QuestionResult Of(Question question, bool correct)
    {
        ArgumentNullException.ThrowIfNull(question);
        return new QuestionResult(question.Tags, 1, correct ? 1 : 0);
    }
}

/// <summary>Share of correct responses, every question weighing the same.</summary>
/// <param name="Value">In [0, 1].</param>
/// <param name="Questions">Number of questions.</param>
/// <param name="Interval">
/// Wilson's 95 % interval with the questions as trials: exact in meaning for one sample per question, never too narrow for several.
/// </param>
public sealed record Accuracy(double Value, int Questions, Interval Interval)
{
    /// <summary>The accuracy of some questions, one at least.</summary>
    public static Accuracy Of(IReadOnlyCollection<QuestionResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        double value = Math.Min(1, results.Average(r => (double)r.Correct / r.Samples));
        return new Accuracy(value, results.Count, Wilson.Interval(value, results.Count));
    }
}

/// <summary>An evaluation, over all and split by tag.</summary>
/// <param name="Overall">Over all questions.</param>
/// <param name="ByTag">By <c>tag=value</c>, e.g. <c>hard=2</c>.</param>
/// <param name="PassAtK">k → mean unbiased pass@k, for k = 1, 2, 4, … up to the fewest samples of a question.</param>
public sealed record AccuracyReport(
    Accuracy Overall,
    ImmutableSortedDictionary<string, Accuracy> ByTag,
    ImmutableSortedDictionary<int, double> PassAtK
)
{
    /// <exception cref="ArgumentException">There is no result, or a question without samples.</exception>
    public static AccuracyReport Of(IReadOnlyCollection<QuestionResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0 || results.Any(r => r.Samples < 1 || r.Correct < 0 || r.Correct > r.Samples))
        {
            throw new ArgumentException(
                "An accuracy needs one question at least, and one sample of each, none of them counted as correct twice.",
                nameof(results)
            );
        }

        int fewest = results.Min(r => r.Samples);
        return new AccuracyReport(
            Accuracy.Of(results),
            results
                .SelectMany(r => r.Tags.Select(tag => (Key: $"{tag.Key}={tag.Value}", Result: r)))
                .GroupBy(pair => pair.Key, pair => pair.Result, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => Accuracy.Of([.. g]), StringComparer.Ordinal),
            Enumerable
                .Range(0, 31)
                .Select(power => 1 << power)
                .TakeWhile(k => k <= fewest)
                .ToImmutableSortedDictionary(k => k, k => results.Average(r => Statistics.PassAtK.Estimate(r.Samples, r.Correct, k)))
        );
    }
}
