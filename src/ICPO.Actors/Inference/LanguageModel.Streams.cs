using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Inference;

/// <summary>Responses as they are generated.</summary>
public sealed partial class LanguageModel
{
    /// <summary>Generates the response to a user's message; yields its text as it is generated.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<string> StreamAsync(
        string message,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => StreamAsync(Chat(new ChatMessage("user", message)), options, cancellationToken);

    /// <summary>Generates one response; yields its text as it is generated. No part of a stop string is yielded.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)"/>
    public async IAsyncEnumerable<string> StreamAsync(
        ModelPrompt prompt,
        GenerationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (CompletionPart part in StreamPartsAsync(prompt, options, cancellationToken).ConfigureAwait(false))
        {
            if (part.Text.Length > 0)
            {
                yield return part.Text;
            }
        }
    }

    /// <summary>As <see cref="StreamAsync(ModelPrompt, GenerationOptions?, CancellationToken)"/>, with the number of tokens and why the
    /// response ended.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)"/>
    public async IAsyncEnumerable<CompletionPart> StreamPartsAsync(
        ModelPrompt prompt,
        GenerationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        int tokens = 0;
        await foreach (CompletionToken token in StreamTokensAsync(prompt, 1, options, cancellationToken).ConfigureAwait(false))
        {
            tokens++;
            if (token.Text.Length > 0 || token.Finish is not null)
            {
                yield return new CompletionPart(token.Text, tokens, token.Finish);
            }
        }
    }

    /// <summary>Generates several responses to one prompt; yields each token as it is sampled. The responses are mixed.</summary>
    /// <inheritdoc cref="GenerateAsync(ModelPrompt, GenerationOptions?, CancellationToken)" path="/exception"/>
    /// <param name="prompt">From <see cref="Chat"/> or <see cref="Text"/>, or ids of your own.</param>
    /// <param name="samples">How many responses.</param>
    /// <param name="options">How they are sampled; null takes the defaults.</param>
    /// <param name="cancellationToken">Ends the generation.</param>
    public async IAsyncEnumerable<CompletionToken> StreamTokensAsync(
        ModelPrompt prompt,
        int samples,
        GenerationOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        GenerationRequest request = Request(prompt, samples, options ?? new GenerationOptions());
        ResponseText?[] texts = [.. Enumerable.Range(0, samples).Select(_ => new ResponseText(Tokenizer, request.Sampler.StopStrings))];
        int open = samples;

        await foreach (GeneratedToken token in _engine.StreamAsync(request, cancellationToken).ConfigureAwait(false))
        {
            // Tokens that came before the cancellation are not passed on after it.
            cancellationToken.ThrowIfCancellationRequested();
            if (texts[token.Sibling] is not { } text)
            {
                continue;
            }

            string part = Ends(token.Token, request.Sampler) ? "" : text.Add(token.Token);
            FinishReason? finish = text.IsStopped ? FinishReason.Stop : token.Finish;
            part = finish is null ? part : part + text.End();
            yield return new CompletionToken(token.Sibling, token.Token, token.LogProb, part, finish) { Alternatives = token.Alternatives };
            if (finish is not null)
            {
                texts[token.Sibling] = null;
                if (--open == 0)
                {
                    yield break;
                }
            }
        }
    }
}
