using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>
/// Questions and how they are put to the model. Implementations are pure: the same arguments give the same result, on every node and
/// after every restart.
/// </summary>
public interface ITask
{
    string Name { get; }

    /// <summary>The training question of group <paramref name="index"/> under the run's <paramref name="seed"/>.</summary>
    Question Train(ulong seed, long index);

    /// <summary>
    /// Up to <paramref name="count"/> held-out questions (never used in training or in the pool), the same ones for a seed.
    /// </summary>
    ImmutableArray<Question> HeldOut(ulong seed, int count);

    /// <summary>The pool of solved examples; empty if the task has none.</summary>
    ImmutableArray<Demonstration> Pool { get; }

    /// <summary>
    /// Why <see cref="Pool"/> is empty although there are solutions, or has none for a part of the questions; null if neither is the case.
    /// </summary>
    string? EmptyPoolReason => null;

    /// <summary>
    /// <paramref name="count"/> demonstrations for a question, drawn by <paramref name="seed"/>; never the question itself.
    /// </summary>
    ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count);

    /// <summary>The prompt: demonstrations (none: zero-shot), then the question.</summary>
    string Prompt(string question, ImmutableArray<Demonstration> demonstrations);

    /// <summary>A demonstration's solution exactly as the model would have to write it after the prompt, for training on traces.</summary>
    string Response(Demonstration demonstration);

    /// <summary>Strings that end a response.</summary>
    ImmutableArray<string> StopStrings { get; }

    /// <summary>Maximum useful response length, in tokens; the sampler's limit if none is configured.</summary>
    int MaxTokens { get; }

    /// <summary>Training questions of one epoch; null if they are generated without end.</summary>
    int? TrainingQuestions => null;

    /// <summary>Held-out questions in all; null if they are generated without end.</summary>
    int? HeldOutQuestions => null;

    /// <summary>True if questions are put as chats, by the model's chat template.</summary>
    bool UsesChatTemplate => false;

    /// <summary>The data sets of the questions; empty if the task generates them.</summary>
    ImmutableArray<QuestionSource> Sources => [];

    /// <summary>
    /// The task without the questions that <paramref name="isReadable"/> rejects; a task that generates its questions keeps all.
    /// </summary>
    ITask Where(Func<Question, bool> isReadable) => this;

    /// <summary>Messages for the owner of a run about the questions, one sentence each.</summary>
    ImmutableArray<string> Notes => [];

    /// <summary>
    /// Differs where the same arguments give something else. Stored with a run and compared when it is resumed; null is not compared.
    /// </summary>
    string? Version => null;
}

/// <summary>Judges a response. Called from many threads at once; an exception is a fault of the verifier.</summary>
public interface IVerifier
{
    string Name { get; }

    /// <summary>True if it enforces a time limit on every case itself, so that callers need none.</summary>
    bool EnforcesDeadline => false;

    /// <summary>Cases that keep it busy; null if it judges each on the caller's thread.</summary>
    int? Concurrency => null;

    /// <summary>
    /// Differs where the same response is judged otherwise. Stored with a run and compared when it is resumed; null is not compared.
    /// </summary>
    string? Version => null;

    ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken);
}
