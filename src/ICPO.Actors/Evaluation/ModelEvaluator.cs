using System.Collections.Immutable;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>
/// Evaluates over generation engines: as many questions at once as fill their slots, each with seeds of its own, so that its
/// samples depend on neither the other questions nor the number of engines.
/// </summary>
/// <param name="engines">At least one; they hold the same weights.</param>
/// <param name="tokenizer">Of the model the engines hold.</param>
/// <param name="verdictTimeout">A verdict that takes longer counts as a fault of the verifier.</param>
public sealed class ModelEvaluator(ImmutableArray<IGenerationEngine> engines, ITokenizer tokenizer, TimeSpan verdictTimeout) : IModelEvaluator
{
    public async Task<EvaluationReport> EvaluateAsync(
        ITask task,
        IVerifier verifier,
        ImmutableArray<Question> questions,
        int samples,
        SamplerSettings sampler,
        int demonstrations,
        ulong seed,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        SamplerSettings draw = sampler with
        {
            MaxTokens = sampler.MaxTokens > 0 ? sampler.MaxTokens : task.MaxTokens,
            StopStrings = sampler.StopStrings.IsDefaultOrEmpty ? task.StopStrings : sampler.StopStrings,
        };
        var results = new (EvaluatedQuestion Question, long Tokens)[questions.Length];
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Math.Max(engines.Length, 2 * engines.Sum(e => e.Slots) / samples),
        };
        await Parallel.ForAsync(0, questions.Length, options, async (index, token) =>
        {
            Question question = questions[index];
            ulong questionSeed = Seed.Derive(seed, question.Id);
            ImmutableArray<Demonstration> shown = demonstrations > 0 ? task.Demonstrate(question, Seed.Derive(questionSeed, "demonstrations"), demonstrations) : [];
            var request = new GenerationRequest(
                [.. tokenizer.Encode(task.Prompt(question.Text, shown))],
                [.. Enumerable.Range(0, samples).Select(sibling => Seed.Derive(questionSeed, (ulong)sibling))],
                draw);
            results[index] = await AskAsync(engines[index % engines.Length], request, verifier, question, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return new EvaluationReport([.. results.Select(r => r.Question)], results.Sum(r => r.Tokens));
    }

    private async Task<(EvaluatedQuestion Question, long Tokens)> AskAsync(
        IGenerationEngine engine, GenerationRequest request, IVerifier verifier, Question question, CancellationToken cancellationToken)
    {
        (int judged, int correct, int faults, long tokens) = (0, 0, 0, 0);
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            tokens += sequence.Tokens.Length;
            Judgement judgement = await verifier
                .JudgeAsync(question, tokenizer.Decode(sequence.Tokens.AsSpan()), sequence.Finish, verdictTimeout, cancellationToken).ConfigureAwait(false);
            (judged, correct, faults) = judgement switch
            {
                { IsFault: true } => (judged, correct, faults + 1),
                { Verdict: Verdict.Correct } => (judged + 1, correct + 1, faults),
                _ => (judged + 1, correct, faults),
            };
        }

        return (new EvaluatedQuestion(question.Id, question.Tags, judged, correct, faults), tokens);
    }
}
