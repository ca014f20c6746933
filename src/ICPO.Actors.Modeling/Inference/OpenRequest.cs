using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>A request in the engine, shared by the caller's thread and the engine's.</summary>
/// <param name="request">The request.</param>
/// <param name="feed">Gets each token as it is drawn; null if the caller waits for whole sequences.</param>
internal sealed class OpenRequest(GenerationRequest request, TokenFeed? feed = null)
{
    private readonly Channel<GeneratedSequence> _results = Channel.CreateUnbounded<GeneratedSequence>(
        new() { SingleWriter = true, SingleReader = true }
    );
    private readonly Queue<int> _waiting = new(Enumerable.Range(0, request.Seeds.Length));
    private readonly HashSet<int> _ended = [];
    private volatile bool _abandoned;

    public GenerationRequest Request => request;

    public ChannelReader<GeneratedSequence> Results => _results.Reader;

    /// <summary>The tokens as they are drawn; null if the caller waits for whole sequences.</summary>
    public TokenFeed? Feed => feed;

    /// <summary>Siblings that wait for a slot.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Logits after the prompt, while siblings wait for slots and the prompt's cache is kept for them; null otherwise.</summary>
    public float[]? PromptLogits { get; set; }

    /// <summary>True once the caller stopped reading; its slots can be freed.</summary>
    public bool IsAbandoned => _abandoned;

    public void Abandon() => _abandoned = true;

    /// <summary>The next sibling to give a slot to.</summary>
    public int StartSibling() => _waiting.Dequeue();

    /// <summary>True once every sibling has been yielded.</summary>
    public bool IsComplete => _ended.Count == request.Seeds.Length;

    /// <summary>Restarts every sibling that has not been yielded, from its own seed.</summary>
    public void Restart()
    {
        PromptLogits = null;
        _waiting.Clear();
        foreach (int sibling in Enumerable.Range(0, request.Seeds.Length).Where(sibling => !_ended.Contains(sibling)))
        {
            _waiting.Enqueue(sibling);
            feed?.Restart(sibling);
        }
    }

    /// <summary>A token was drawn.</summary>
    public void Add(GeneratedToken token) => feed?.Add(token);

    public void Yield(GeneratedSequence sequence)
    {
        _results.Writer.TryWrite(sequence);
        _ended.Add(sequence.Sibling);
        if (IsComplete)
        {
            _results.Writer.TryComplete();
            feed?.Complete();
        }
    }

    public void Fail(Exception reason)
    {
        _results.Writer.TryComplete(reason);
        feed?.Complete(reason);
    }
}

/// <summary>A sibling in flight. Its tokens, with log μ and version of each, grow until it ends.</summary>
internal sealed class ActiveSequence(OpenRequest owner, int sibling, int slot, StopMatcher stops)
{
    private readonly List<int> _tokens = [];
    private readonly List<float> _logProbs = [];
    private readonly List<long> _versions = [];
    private RandomStream _random = new(owner.Request.Seeds[sibling]);

    public OpenRequest Owner => owner;

    public int Slot => slot;

    /// <summary>The last token, not yet computed by the model.</summary>
    public Row Next => new(_tokens[^1], slot, owner.Request.Prompt.Length + _tokens.Count - 1);

    /// <summary>Adds the tokens that the model has computed: the prompt and all sampled ones but the last.</summary>
    public void AddCached(List<Row> rows)
    {
        ImmutableArray<int> prompt = owner.Request.Prompt;
        for (int position = 0; position < prompt.Length + _tokens.Count - 1; position++)
        {
            rows.Add(new Row(position < prompt.Length ? prompt[position] : _tokens[position - prompt.Length], slot, position));
        }
    }

    /// <summary>
    /// Draws the next token from its logits. Sequences may draw concurrently, each with a different sampler.
    /// </summary>
    public SampledToken Draw(ReadOnlySpan<float> logits, Sampler sampler)
    {
        SampledToken drawn = sampler.Sample(logits, owner.Request.Sampler, ref _random);
        int alternatives = owner.Request.Alternatives;
        return alternatives == 0
            ? drawn
            : drawn with
            {
                Alternatives = LikeliestTokens.Find(logits, alternatives, drawn, owner.Request.Sampler.Temperature),
            };
    }

    /// <summary>Appends the drawn token.</summary>
    /// <returns>The reason why the sequence ends with it; null if it continues.</returns>
    public FinishReason? Take(SampledToken drawn, PolicyVersion version, int context)
    {
        _tokens.Add(drawn.Token);
        _logProbs.Add((float)drawn.LogProbability);
        _versions.Add(version.Value);
        FinishReason? finish = Finish(context);
        owner.Add(new GeneratedToken(sibling, drawn.Token, _logProbs[^1], version.Value, finish) { Alternatives = drawn.Alternatives });
        return finish;
    }

    private FinishReason? Finish(int context)
    {
        if (stops.Ends(CollectionsMarshal.AsSpan(_tokens)))
        {
            return FinishReason.Stop;
        }

        bool full = _tokens.Count >= owner.Request.Sampler.MaxTokens || owner.Request.Prompt.Length + _tokens.Count >= context;
        return full ? FinishReason.Length : null;
    }

    public void End(FinishReason finish) =>
        owner.Yield(new GeneratedSequence(sibling, [.. _tokens], [.. _logProbs], [.. _versions], finish));
}
