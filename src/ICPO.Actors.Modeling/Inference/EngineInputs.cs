using System.Security.Cryptography;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Checks a request and published weights before they reach the engine's thread.
/// </summary>
internal static class EngineInputs
{
    /// <param name="context">Positions of a sequence, prompt and response.</param>
    /// <param name="vocabulary">Ids below it are tokens.</param>
    /// <exception cref="ArgumentException">The prompt is empty, too long or of another vocabulary, or the sampler is out of
    /// range.</exception>
    public static void Check(GenerationRequest request, int context, int vocabulary)
    {
        if (request.Prompt.IsDefaultOrEmpty)
        {
            throw new ArgumentException("The prompt is empty; a model needs at least one token to continue from.", nameof(request));
        }

        if (request.Prompt.Length >= context)
        {
            throw new ArgumentException(
                $"The prompt has {request.Prompt.Length} tokens, which leaves no room in a context of {context}; "
                    + "shorten it or raise the engine's context.",
                nameof(request)
            );
        }

        foreach (int token in request.Prompt)
        {
            if ((uint)token >= (uint)vocabulary)
            {
                throw new ArgumentException(
                    $"The prompt holds the id {token}, which the model's vocabulary of {vocabulary} lacks; use the model's own tokenizer.",
                    nameof(request)
                );
            }
        }

        if (request.Alternatives < 0 || (request.Alternatives > 0 && !request.Sampler.IsUntruncated))
        {
            throw new ArgumentException(
                $"{request.Alternatives} alternatives cannot be reported: a number of at least 0 is expected, and no top-p, top-k or "
                    + "min-p, which would change their probabilities.",
                nameof(request)
            );
        }

        if (
            request.Sampler
                is { MaxTokens: < 1 }
                    or { TopK: < 0 }
                    or { TopP: <= 0 or double.NaN }
                    or { Temperature: < 0 or > 0 and < SamplerSettings.MinTemperature or double.NaN or double.PositiveInfinity }
            || request.Sampler.StopStrings.Contains("")
        )
        {
            throw new ArgumentException(
                $"Sampling requires a temperature of 0 or a finite one of at least {SamplerSettings.MinTemperature}, top-p in (0, 1], "
                    + $"top-k ≥ 0, at least one token and no empty stop string, not {request.Sampler}.",
                nameof(request)
            );
        }
    }

    /// <param name="instead">The end of the message, which states what the engine uses instead.</param>
    /// <exception cref="InvalidDataException">The file cannot be read or is not the one that was announced.</exception>
    public static async Task CheckAsync(PolicySnapshot snapshot, string instead, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = File.OpenRead(snapshot.Path);
            string hash =
                file.Length == snapshot.Length
                    ? Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false))
                    : $"another length, {file.Length} bytes where {snapshot.Length} were announced";
            if (hash != snapshot.Sha256)
            {
                throw new InvalidDataException(
                    $"{snapshot.Path}: the weights of {snapshot.Version} have {hash} instead of the hash {snapshot.Sha256}; "
                        + $"publish them again. {instead}"
                );
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{snapshot.Path}: the weights of {snapshot.Version} cannot be read ({e.Message}); publish them again. {instead}",
                e
            );
        }
    }
}
