using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Inference;

/// <summary>A response.</summary>
/// <param name="Text">Without the tokens and strings that ended it.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Completion(string Text, FinishReason Finish)
{
    /// <summary>Length of the prompt in tokens.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The sampled ids, those that ended it included.</summary>
    public required ImmutableArray<int> Tokens { get; init; }

    /// <summary>Log-probability of each token in nats, under the options it was sampled with.</summary>
    public required ImmutableArray<float> LogProbs { get; init; }
}

/// <summary>A part of a response that is being generated.</summary>
/// <param name="Text">What follows on the parts before; may be empty in the last one.</param>
/// <param name="Tokens">Tokens sampled so far.</param>
/// <param name="Finish">Why the response ended; null in all parts but the last.</param>
public readonly record struct CompletionPart(string Text, int Tokens, FinishReason? Finish);
