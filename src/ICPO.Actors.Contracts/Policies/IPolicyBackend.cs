using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>Creates the engines and the learner, all from one base model. A host app may supply its own.</summary>
public interface IPolicyBackend
{
    ITokenizer Tokenizer { get; }

    /// <summary>Messages for the owner of a run about the model, one sentence each.</summary>
    /// <exception cref="InvalidDataException">The model's files cannot be read; names the file.</exception>
    ImmutableArray<string> Notes => [];

    /// <summary>An engine holding the base weights.</summary>
    /// <param name="index">Which engine of this node; it names the thread.</param>
    /// <param name="isolateRequests">Decode one request at a time, so that its tokens depend only on weights, prompt and seeds, bit
    /// for bit.</param>
    IGenerationEngine CreateEngine(int index, bool isolateRequests);

    /// <summary>The base weights, to check an engine that computes elsewhere; null if the backend does not support that.</summary>
    /// <param name="tokens">Maximum length of prompt and response of a check.</param>
    IReferencePolicy? CreateReference(int tokens) => null;

    /// <summary>A learner holding the base weights.</summary>
    ILearner CreateLearner();

    /// <summary>
    /// Identifies the base model and its tokenizer. Stored with a run and compared when it is resumed; null is not compared.
    /// </summary>
    string? Version => null;
}
