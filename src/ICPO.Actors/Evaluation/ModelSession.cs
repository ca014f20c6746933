using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Tasks.Prompts;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Evaluation;

/// <summary>A loaded model with the configured task, for evaluation outside a run.</summary>
public sealed class ModelSession : IAsyncDisposable
{
    private readonly RunSettings _settings;
    private readonly ImmutableArray<IGenerationEngine> _engines;

    private ModelSession(
        RunSettings settings,
        ITask task,
        IVerifier verifier,
        ITokenizer tokenizer,
        ImmutableArray<IGenerationEngine> engines
    ) => (_settings, Task, Verifier, Tokenizer, _engines) = (settings, task, verifier, tokenizer, engines);

    public ITask Task { get; }

    /// <summary>Called with every response of an evaluation as soon as it has its verdict, on any thread.</summary>
    public Action<JudgedResponse>? Judged { get; set; }

    /// <summary>What the user should know: unreadable gold answers, a verifier without supervision.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    public IVerifier Verifier { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>Loads the model and creates its engines.</summary>
    /// <param name="maxEngines">Upper bound on the configured number of engines.</param>
    /// <param name="task">The task; null creates the configured one.</param>
    /// <exception cref="InvalidDataException">The model or the data set cannot be read; names the file and the place.</exception>
    public static ModelSession Open(RunSettings settings, int maxEngines = int.MaxValue, ITask? task = null)
    {
        task ??= ConfiguredTask.Create(settings);
        List<string> notes = [.. task.Notes];
        IVerifier verifier = RunVerifiers.Create(settings.Verification, task.StopStrings, notes.Add);
        (task, ImmutableArray<string> audit) = GoldAudit.Check(task, verifier, settings.Verification.UnreadableGolds);
        notes.AddRange(audit);

        PolicyBackend backend = settings.OpenModel();
        notes.AddRange(backend.Notes);
        int count = Math.Min(maxEngines, settings.Engines > 0 ? settings.Engines : Environment.ProcessorCount);
        return new ModelSession(
            settings,
            task,
            verifier,
            backend.Tokenizer,
            [.. Enumerable.Range(0, count).Select(i => backend.CreateEngine(i, isolateRequests: false))]
        )
        {
            Notes = [.. notes],
        };
    }

    /// <summary>What is sent for the first of these questions, one line; null where it is the question itself.</summary>
    public string? FirstPromptNote(ITask task, ImmutableArray<Question> questions) =>
        questions.IsEmpty ? null : FirstPrompt.Of(questions[0], task, Tokenizer).Note;

    /// <summary>The plan of an evaluation with the configured sampler and seed.</summary>
    /// <param name="settings">Of the questions' task.</param>
    /// <param name="questions">The questions.</param>
    public static EvaluationPlan Plan(RunSettings settings, ImmutableArray<Question> questions) =>
        new()
        {
            Questions = questions,
            Sampler = settings.Sampler,
            Seed = settings.Seed,
        };

    /// <summary>Accuracy on questions of the configured task.</summary>
    public Task<EvaluationReport> EvaluateAsync(EvaluationPlan plan, CancellationToken cancellationToken) =>
        CreateEvaluator(_settings).EvaluateAsync(Task, Verifier, plan, cancellationToken);

    /// <summary>Accuracy on questions of another task, with the same model.</summary>
    /// <param name="settings">The task's verifier.</param>
    /// <param name="task">The task of the questions.</param>
    /// <param name="plan">The questions and how to sample responses.</param>
    /// <param name="note">Called with notes about unreadable gold answers and a verifier without supervision.</param>
    public async Task<EvaluationReport> EvaluateAsync(
        RunSettings settings,
        ITask task,
        EvaluationPlan plan,
        Action<string> note,
        CancellationToken cancellationToken
    )
    {
        IVerifier verifier = RunVerifiers.Create(settings.Verification, task.StopStrings, note);
        try
        {
            var audit = GoldAudit.Check(task, verifier, settings.Verification.UnreadableGolds);
            foreach (string line in audit.Notes)
            {
                note(line);
            }

            plan = plan with { Questions = audit.Readable(plan.Questions) };
            return await CreateEvaluator(settings).EvaluateAsync(task, verifier, plan, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (verifier is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Up to <paramref name="count"/> training questions, in the order of the seed: to measure pass rates.</summary>
    public static ImmutableArray<Question> Training(RunSettings settings, ITask task, int count)
    {
        ConfiguredTask.RequireTraining(task);
        int available = Math.Min(count, task.TrainingQuestions ?? count);
        return [.. Enumerable.Range(0, available).Select(i => task.Train(settings.Seed, i)).DistinctBy(q => q.Id)];
    }

    /// <summary>
    /// How a text is sent: as a user turn of the model's chat template if it has one and the settings do not ask for plain text, otherwise
    /// unchanged.
    /// </summary>
    /// <exception cref="ArgumentException">The tokenizer cannot encode it.</exception>
    /// <exception cref="InvalidDataException">The chat template cannot be read or refuses it, or the tokenizer cannot encode
    /// it.</exception>
    public FirstPrompt Put(string text)
    {
        QuestionPrompts? chats = ConfiguredTask.Chats(_settings);
        return FirstPrompt.Of(text, chats?.Prompt(text, []) ?? text, chats is not null, Tokenizer);
    }

    /// <summary>Samples of one prompt, in the order of their index.</summary>
    /// <param name="prompt">What is sent, from <see cref="Put"/>.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="cancellationToken">Ends sampling.</param>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit the context.</exception>
    public async Task<ImmutableArray<GeneratedSequence>> GenerateAsync(FirstPrompt prompt, int samples, CancellationToken cancellationToken)
    {
        SamplerSettings sampler = _settings.Sampler;

        // A task with a form of its own, such as symbol-rules, has limits for that form.
        bool isOther = prompt.IsChat && !Task.UsesChatTemplate;
        int limit = isOther ? _settings.Task.Jsonl.MaxTokens : Task.MaxTokens;
        var request = new GenerationRequest(
            prompt.Ids,
            [.. Enumerable.Range(0, samples).Select(i => Seed.Derive(_settings.Seed, (ulong)i))],
            sampler with
            {
                MaxTokens = sampler.MaxTokens > 0 ? sampler.MaxTokens : limit,
                StopStrings = isOther ? [] : Task.StopStrings,
            }
        );
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in _engines[0].GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            sequences.Add(sequence);
        }

        return [.. sequences.OrderBy(s => s.Sibling)];
    }

    public async ValueTask DisposeAsync()
    {
        if (Verifier is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }

        foreach (IGenerationEngine engine in _engines)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private ModelEvaluator CreateEvaluator(RunSettings settings) =>
        new(_engines, Tokenizer, settings.Verification.Timeout) { Judged = Judged };
}
