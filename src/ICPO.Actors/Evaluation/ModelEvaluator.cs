using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Evaluation;

/// <summary>
/// Evaluates over generation engines: as many questions at once as fill their slots, each with its own seeds, so that its samples
/// depend on neither the other questions nor the number of engines.
/// </summary>
/// <param name="engines">At least one, all with the same weights.</param>
/// <param name="tokenizer">The tokenizer of the model the engines hold.</param>
/// <param name="verdictTimeout">A verdict that takes longer counts as a fault of the verifier.</param>
public sealed class ModelEvaluator(ImmutableArray<IGenerationEngine> engines, ITokenizer tokenizer, TimeSpan verdictTimeout)
    : IModelEvaluator
{
    /// <summary>Called with every response as soon as it has its verdict, on any thread.</summary>
    public Action<JudgedResponse>? Judged { get; init; }

    public async Task<EvaluationReport> EvaluateAsync(
        ITask task,
        IVerifier verifier,
        EvaluationPlan plan,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(plan.Samples);
        SamplerSettings draw = Sampler(plan.Sampler, task);
        var results = new (EvaluatedQuestion Question, long Tokens)[plan.Questions.Length];
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Math.Max(engines.Length, 2 * engines.Sum(e => e.Slots) / plan.Samples),
        };
        await Parallel
            .ForAsync(0, results.Length, options, async (index, token) =>
            {
                Question question = plan.Questions[index];
                ulong questionSeed = SeedOf(plan.Seed, question);
                ImmutableArray<Demonstration> shown = Demonstrations(task, question, questionSeed, plan.Demonstrations);
                var request = new GenerationRequest(
                    [.. tokenizer.EncodePrompt(task.Prompt(question.Text, shown), task.UsesChatTemplate)],
                    [.. Enumerable.Range(0, plan.Samples).Select(sibling => Seed.Derive(questionSeed, (ulong)sibling))],
                    draw
                );
                results[index] = await AskAsync(engines[index % engines.Length], request, verifier, question, token).ConfigureAwait(false);
            })
            .ConfigureAwait(false);
        return new EvaluationReport([.. results.Select(r => r.Question)], results.Sum(r => r.Tokens));
    }

    internal static ulong SeedOf(ulong seed, Question question) => Seed.Derive(seed, question.Id);

    internal static ImmutableArray<Demonstration> Demonstrations(ITask task, Question question, ulong questionSeed, int count) =>
        count > 0 ? task.Demonstrate(question, Seed.Derive(questionSeed, "demonstrations"), count) : [];

    /// <summary>The configured sampler, with the task's limits if none are configured.</summary>
    internal static SamplerSettings Sampler(SamplerSettings sampler, ITask task) =>
        sampler with
        {
            MaxTokens = sampler.MaxTokens > 0 ? sampler.MaxTokens : task.MaxTokens,
            StopStrings = sampler.StopStrings.IsDefaultOrEmpty ? task.StopStrings : sampler.StopStrings,
        };

    private async Task<(EvaluatedQuestion Question, long Tokens)> AskAsync(
        IGenerationEngine engine,
        GenerationRequest request,
        IVerifier verifier,
        Question question,
        CancellationToken cancellationToken
    )
    {
        (int judged, int correct, int faults, long tokens) = (0, 0, 0, 0);
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            tokens += sequence.Tokens.Length;
            string response = tokenizer.Decode(sequence.Tokens.AsSpan());
            Judgment judgment = await verifier
                .JudgeAsync(question, response, sequence.Finish, verdictTimeout, cancellationToken)
                .ConfigureAwait(false);
            Judged?.Invoke(new(question, response, sequence.Finish, sequence.Tokens.Length, judgment));
            (judged, correct, faults) = judgment switch
            {
                { IsFault: true } => (judged, correct, faults + 1),
                { Verdict: Verdict.Correct } => (judged + 1, correct + 1, faults),
                _ => (judged + 1, correct, faults),
            };
        }

        return (new EvaluatedQuestion(question.Id, question.Tags, judged, correct, faults), tokens);
    }
}
