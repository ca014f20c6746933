using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>The policy as this process computes it, to check an engine that computes elsewhere. Not thread-safe.</summary>
public interface IReferencePolicy : IDisposable
{
    /// <summary>Ids below it are tokens.</summary>
    int VocabularySize { get; }

    /// <summary>Maximum length of prompt and response, in tokens, of what is sampled.</summary>
    int Context { get; }

    /// <summary>Tokens that end a response.</summary>
    ImmutableArray<int> EndTokens { get; }

    /// <summary>Takes published weights; before the first call it holds the base weights.</summary>
    /// <exception cref="InvalidDataException">The file is malformed or of another model.</exception>
    void Load(PolicySnapshot snapshot);

    /// <summary>log π of each token of a response given what comes before it, in nats: [response].</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="response">At least one token.</param>
    /// <param name="temperature">Above 0.</param>
    /// <exception cref="ArgumentException">Prompt and response are longer than the check allows.</exception>
    ImmutableArray<double> Score(ImmutableArray<int> prompt, ImmutableArray<int> response, double temperature);

    /// <summary>Writes published weights as a model directory (Hugging Face) that a server can load.</summary>
    /// <exception cref="InvalidDataException">The weights cannot be written alone, such as those of an adapter.</exception>
    void Save(PolicySnapshot snapshot, string directory);
}
