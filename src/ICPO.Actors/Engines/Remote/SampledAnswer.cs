using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Checks what a server reports of a sequence, and cuts it where an engine of this process would have ended it. Pure.</summary>
internal static class SampledAnswer
{
    /// <summary>A log-probability may exceed 0 by rounding.</summary>
    private const float Rounding = 1e-3f;

    /// <param name="answer">What the server reports.</param>
    /// <param name="sibling">The sibling's index.</param>
    /// <param name="version">The version of the weights.</param>
    /// <param name="limits">The sampler and the vocabulary.</param>
    /// <exception cref="InvalidDataException">It cannot be a sequence of this model and sampler.</exception>
    public static GeneratedSequence Take(ServerSequence answer, int sibling, long version, AnswerLimits limits)
    {
        (ImmutableArray<int> tokens, ImmutableArray<float> logProbs) = (answer.Tokens, answer.LogProbs);
        if (tokens.IsEmpty)
        {
            throw new InvalidDataException("The server returned no token.");
        }

        if (tokens.Length != logProbs.Length)
        {
            throw new InvalidDataException($"The server returned {tokens.Length} tokens with {logProbs.Length} log-probabilities.");
        }

        if (tokens.Length > limits.MaxTokens)
        {
            throw new InvalidDataException($"The server returned {tokens.Length} tokens, more than the {limits.MaxTokens} requested.");
        }

        for (int at = 0; at < tokens.Length; at++)
        {
            if ((uint)tokens[at] >= (uint)limits.Vocabulary)
            {
                throw new InvalidDataException(
                    $"The server returned token {tokens[at]}, which is outside of the vocabulary of {limits.Vocabulary}."
                );
            }

            if (!float.IsFinite(logProbs[at]) || logProbs[at] > Rounding)
            {
                throw new InvalidDataException($"The server returned the log-probability {logProbs[at]} for token {at + 1}.");
            }
        }

        int length = 1;
        while (length < tokens.Length && !limits.Stops.Ends(tokens.AsSpan()[..length]))
        {
            length++;
        }

        bool stopped = limits.Stops.Ends(tokens.AsSpan()[..length]);
        if (!stopped && (answer.Finish != FinishReason.Length || length < limits.MaxTokens))
        {
            throw new InvalidDataException(
                $"The server ended a response after {length} of {limits.MaxTokens} tokens, at none that ends it: it aborted the request, "
                    + "its context is shorter than engine.context, or its model has other end tokens."
            );
        }

        return new GeneratedSequence(
            sibling,
            tokens[..length],
            [.. logProbs.AsSpan()[..length].ToArray().Select(value => Math.Min(value, 0))],
            [.. Enumerable.Repeat(version, length)],
            stopped ? FinishReason.Stop : FinishReason.Length
        );
    }
}

/// <summary>What an answer is checked against.</summary>
/// <param name="MaxTokens">Maximum number of tokens.</param>
/// <param name="Vocabulary">Ids below it are tokens.</param>
/// <param name="Stops">Where a response ends.</param>
internal sealed record AnswerLimits(int MaxTokens, int Vocabulary, StopMatcher Stops);
