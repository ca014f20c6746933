using System.Collections.Immutable;

namespace ICPO.Actors;

/// <summary>How one question went.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Tags">The question's.</param>
/// <param name="Samples">Responses with a verdict.</param>
/// <param name="Correct">How many of them were right.</param>
/// <param name="Faults">Responses the verifier failed on; they count neither way.</param>
public sealed record EvaluatedQuestion(string Id, ImmutableSortedDictionary<string, string> Tags, int Samples, int Correct, int Faults);

/// <summary>How an evaluation went, question by question in the order asked.</summary>
/// <param name="Questions">One per question.</param>
/// <param name="Tokens">Response tokens sampled.</param>
public sealed record EvaluationReport(ImmutableArray<EvaluatedQuestion> Questions, long Tokens)
{
    public int Samples => Questions.Sum(q => q.Samples);

    public int Correct => Questions.Sum(q => q.Correct);

    public int Faults => Questions.Sum(q => q.Faults);

    /// <summary>Share of judged responses that are right; NaN where none was judged.</summary>
    public double Accuracy => Share(Questions);

    /// <summary>Accuracy of the questions that carry a tag, by <c>name=value</c>.</summary>
    public ImmutableSortedDictionary<string, double> ByTag =>
        Questions.SelectMany(q => q.Tags.Select(t => (Tag: $"{t.Key}={t.Value}", Question: q)))
            .GroupBy(t => t.Tag, t => t.Question)
            .ToImmutableSortedDictionary(g => g.Key, Share, StringComparer.Ordinal);

    private static double Share(IEnumerable<EvaluatedQuestion> questions)
    {
        (int correct, int samples) = questions.Aggregate((0, 0), (sum, q) => (sum.Item1 + q.Correct, sum.Item2 + q.Samples));
        return samples == 0 ? double.NaN : (double)correct / samples;
    }
}
