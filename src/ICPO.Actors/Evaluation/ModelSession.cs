using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Tasks.Verifiers;
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

    /// <summary>Messages for the user: unreadable gold answers, a verifier without supervision.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    public IVerifier Verifier { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>Loads the model and creates its engines.</summary>
    /// <param name="settings">Name model, task, verifier and engines.</param>
    /// <param name="task">The task; null creates the configured one.</param>
    /// <exception cref="InvalidDataException">The model or the data set cannot be read; names the file and the place.</exception>
    public static ModelSession Open(RunSettings settings, ITask? task = null)
    {
        task ??= ConfiguredTask.Create(settings);
        List<string> notes = [.. task.Notes];
        IVerifier verifier = RunVerifiers.Create(settings.Verification, task.StopStrings, notes.Add);
        (verifier as IStartCheck)?.RequireStartable();
        (task, ImmutableArray<string> audit) = GoldAudit.Check(task, verifier, settings.Verification.UnreadableGolds);
        notes.AddRange(audit);

        PolicyBackend backend = settings.OpenModel();
        notes.AddRange(backend.Notes);
        int count = settings.Engines > 0 ? settings.Engines : Environment.ProcessorCount;
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

    /// <summary>The prompt of the first of these questions, in one line; null if it is the question itself.</summary>
    public string? FirstPromptNote(ITask task, ImmutableArray<Question> questions) =>
        questions.IsEmpty ? null : FirstPrompt.Of(questions[0], task, Tokenizer).Note;

    /// <summary>The plan of an evaluation with the configured sampler and seed.</summary>
    /// <param name="settings">The settings of the questions' task.</param>
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
