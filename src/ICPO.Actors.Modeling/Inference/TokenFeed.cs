using System.Collections.Immutable;
using System.Threading.Channels;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A token of a request, as soon as it is drawn.</summary>
/// <param name="Sibling">Index of its sequence in the request's seeds.</param>
/// <param name="Token">The id; a stop token too.</param>
/// <param name="LogProb">log μ in nats.</param>
/// <param name="Version">Weight version that sampled it.</param>
/// <param name="Finish">Why the sequence ends with it; null if it continues.</param>
public readonly record struct GeneratedToken(int Sibling, int Token, float LogProb, long Version, FinishReason? Finish)
{
    /// <summary>The most probable tokens of the position; default if the request asked for none.</summary>
    public ImmutableArray<TokenLogProb> Alternatives { get; init; }
}

/// <summary>
/// The tokens of a request on their way from the engine's thread to the caller. After an out-of-memory error the engine samples a request
/// from its start again: tokens that were passed on before are compared and not passed on twice.
/// </summary>
/// <param name="siblings">Sequences of the request.</param>
internal sealed class TokenFeed(int siblings)
{
    private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>(
        new() { SingleWriter = true, SingleReader = true }
    );
    private readonly List<int>[] _passed = [.. Enumerable.Range(0, siblings).Select(_ => new List<int>())];
    private readonly int[] _drawn = new int[siblings];

    public ChannelReader<GeneratedToken> Tokens => _tokens.Reader;

    public void Add(GeneratedToken token)
    {
        List<int> passed = _passed[token.Sibling];
        int at = _drawn[token.Sibling]++;
        if (at == passed.Count)
        {
            passed.Add(token.Token);
            _tokens.Writer.TryWrite(token);
        }
        else if (passed[at] != token.Token)
        {
            // In a batch of another size a product may round differently, and so change a draw.
            Complete(
                new InsufficientMemoryException(
                    "The engine ran out of memory and drew other tokens than before when it repeated the request; send it again, or lower "
                        + "the number of slots."
                )
            );
        }
    }

    /// <summary>A sibling is sampled from its start again.</summary>
    public void Restart(int sibling) => _drawn[sibling] = 0;

    public void Complete(Exception? reason = null) => _tokens.Writer.TryComplete(reason);
}
