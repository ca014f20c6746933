using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>
/// What is asked and how it is put to the model. Implementations are pure: the same arguments give the same answer, on
/// every node and after every restart.
/// </summary>
public interface ITask
{
    string Name { get; }

    /// <summary>The training question of group <paramref name="index"/> under the run's <paramref name="seed"/>.</summary>
    Question Train(ulong seed, long index);

    /// <summary>
    /// Up to <paramref name="count"/> held-out questions (never asked in training, never in the pool), always the same ones for a seed.
    /// </summary>
    ImmutableArray<Question> HeldOut(ulong seed, int count);

    /// <summary>The pool of solved examples; empty where the task has none.</summary>
    ImmutableArray<Demonstration> Pool { get; }

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

    /// <summary>Longest sensible response, in tokens; the sampler's limit where configuration names none.</summary>
    int MaxTokens { get; }
}

/// <summary>Judges a response. Called from many threads at once; throws only for faults of its own.</summary>
public interface IVerifier
{
    string Name { get; }

    ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken);
}
