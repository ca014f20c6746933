using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ICPO.Actors.Inference;
using ICPO.Actors.Serving.Requests;

namespace ICPO.Actors.Serving.Responses;

/// <summary>The tokens of all responses of a request, as they are sampled.</summary>
internal static class ChoiceTokens
{
    /// <summary>Responses of several prompts are generated together. The index of a choice counts over prompts, then samples.</summary>
    public static async IAsyncEnumerable<(int Choice, CompletionToken Token)> ReadAsync(
        LanguageModel model,
        TextRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tokens = Channel.CreateUnbounded<(int, CompletionToken)>(new() { SingleReader = true });
        Task reading = CompleteAsync(
            Task.WhenAll(request.Prompts.Select((_, prompt) => WriteAsync(model, request, prompt, tokens.Writer, left))),
            tokens.Writer
        );
        try
        {
            await foreach ((int, CompletionToken) token in tokens.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return token;
            }
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(
        LanguageModel model,
        TextRequest request,
        int prompt,
        ChannelWriter<(int, CompletionToken)> tokens,
        CancellationTokenSource left
    )
    {
        try
        {
            await foreach (
                CompletionToken token in model
                    .StreamTokensAsync(request.Prompts[prompt], request.Samples, request.Options, left.Token)
                    .ConfigureAwait(false)
            )
            {
                await tokens.WriteAsync((prompt * request.Samples + token.Sample, token), left.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            // The first error is the response's; the other prompts end.
            tokens.TryComplete(error);
            await left.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task CompleteAsync(Task writing, ChannelWriter<(int, CompletionToken)> tokens)
    {
        await writing.ConfigureAwait(false);
        tokens.TryComplete();
    }
}
