using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>The policy as this process computes it, to check an engine that computes elsewhere. Calls are processed in order.</summary>
public interface IReferencePolicy : IAsyncDisposable
{
    /// <summary>Ids below it are tokens.</summary>
    int VocabularySize { get; }

    /// <summary>Maximum length of prompt and response, in tokens, of what is sampled.</summary>
    int Context { get; }

    /// <summary>Tokens that end a response.</summary>
    ImmutableArray<int> EndTokens { get; }

    /// <summary>Takes published weights; before the first call it holds the base weights.</summary>
    /// <exception cref="InvalidDataException">The file is not the published one, malformed or of another model.</exception>
    Task LoadAsync(PolicySnapshot snapshot);

    /// <summary>log π of each token of a response given what comes before it, in nats: [response].</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="response">At least one token.</param>
    /// <param name="temperature">Above 0.</param>
    /// <exception cref="ArgumentException">Prompt and response are longer than the check allows.</exception>
    Task<ImmutableArray<double>> ScoreAsync(ImmutableArray<int> prompt, ImmutableArray<int> response, double temperature);

    /// <summary>Writes published weights as a directory that a server can load: a model (Hugging Face) or an adapter (PEFT).</summary>
    /// <exception cref="InvalidDataException">The file is not the published one, or malformed.</exception>
    Task SaveAsync(PolicySnapshot snapshot, string directory);
}
