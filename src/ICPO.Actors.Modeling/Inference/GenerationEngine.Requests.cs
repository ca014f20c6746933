using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>What callers ask of an engine, on their own threads.</summary>
public sealed partial class GenerationEngine
{
    public IAsyncEnumerable<GeneratedSequence> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        EngineInputs.Check(request, _session.Context, _session.VocabularySize);
        return ReadAsync(() => new OpenRequest(request), open => open.Results, cancellationToken);
    }

    /// <summary>
    /// Samples every sibling and yields each token as soon as it is drawn; the last one of a sibling has its finish reason. Siblings are
    /// mixed. Ending the enumeration, or canceling it, frees their slots.
    /// </summary>
    /// <exception cref="ArgumentException">The prompt is empty or does not fit the context, or the sampler is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public IAsyncEnumerable<GeneratedToken> StreamAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        EngineInputs.Check(request, _session.Context, _session.VocabularySize);
        return ReadAsync(() => new OpenRequest(request, new TokenFeed(request.Seeds.Length)), open => open.Feed!.Tokens, cancellationToken);
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(
        Func<OpenRequest> create,
        Func<OpenRequest, ChannelReader<T>> results,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        OpenRequest open = create();
        if (open.Request.Seeds.IsEmpty)
        {
            yield break;
        }

        Interlocked.Increment(ref _requests);
        try
        {
            Send(new OpenCommand(open));
            await foreach (T result in results(open).ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
            open.Abandon();
        }
    }
}
