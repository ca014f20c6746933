using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

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

/// <summary>A token of a response that is being generated.</summary>
/// <param name="Sample">Which of the responses, from 0.</param>
/// <param name="Token">The id, also of a token that ends the response.</param>
/// <param name="LogProb">
/// Its log-probability in nats, under the options it was sampled with; at temperature 0 that of temperature 1.
/// </param>
/// <param name="Text">
/// The text that is final with it. It may be empty, or have the end of the text of earlier tokens; it has no part of a stop string.
/// </param>
/// <param name="Finish">Why the response ends with it; null in all tokens of a response but the last.</param>
public readonly record struct CompletionToken(int Sample, int Token, float LogProb, string Text, FinishReason? Finish)
{
    /// <summary>The most probable tokens of this position; default if none were requested.</summary>
    public ImmutableArray<TokenLogProb> Alternatives { get; init; }
}
