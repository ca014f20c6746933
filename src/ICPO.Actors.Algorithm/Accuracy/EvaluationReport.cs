using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Accuracy;

/// <summary>The result of one question.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Tags">The question's.</param>
/// <param name="Samples">Responses with a verdict.</param>
/// <param name="Correct">How many of them were correct.</param>
/// <param name="Faults">Responses the verifier failed on; they are not counted.</param>
public sealed record EvaluatedQuestion(string Id, ImmutableSortedDictionary<string, string> Tags, int Samples, int Correct, int Faults);

/// <summary>The result of an evaluation, question by question in the order asked.</summary>
/// <param name="Questions">One per question.</param>
/// <param name="Tokens">Response tokens sampled.</param>
public sealed record EvaluationReport(ImmutableArray<EvaluatedQuestion> Questions, long Tokens)
{
    /// <summary>Responses with a verdict.</summary>
    public int Samples => Questions.Sum(q => q.Samples);

    public int Correct => Questions.Sum(q => q.Correct);

    public int Faults => Questions.Sum(q => q.Faults);

    /// <summary>Accuracy over all questions and by tag, with intervals, and pass@k; questions without a verdict are excluded.</summary>
    /// <exception cref="InvalidOperationException">No response has a verdict.</exception>
    public AccuracyReport Accuracy() =>
        Samples > 0
            ? AccuracyReport.Of([.. Questions.Where(q => q.Samples > 0).Select(q => new QuestionResult(q.Tags, q.Samples, q.Correct))])
            : throw new InvalidOperationException(
                $"The evaluation of {Questions.Length} questions has no accuracy: "
                    + $"no response has a verdict; the verifier failed on {Faults}."
            );
}
