using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Tokens that are passed on as they are drawn.</summary>
public sealed class TokenStreamTests
{
    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task The_tokens_of_a_stream_are_those_of_the_sequences()
    {
        using Decoder decoder = Models.Random(Models.Shapes[0], 1);
        var settings = new EngineSettings { Slots = 2 };
        await using var engine = GenerationEngine.Create(decoder, new LetterTokenizer(), settings, "stream");
        var sampler = new SamplerSettings { MaxTokens = 30, StopTokens = [5, 7] };
        var request = new GenerationRequest([1, 2, 3], [11, 12, 13, 14, 15], sampler);
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, Deadline))
        {
            sequences.Add(sequence);
        }

        List<GeneratedToken> tokens = [];
        await foreach (GeneratedToken token in engine.StreamAsync(request, Deadline))
        {
            tokens.Add(token);
        }

        foreach (GeneratedSequence sequence in sequences)
        {
            GeneratedToken[] streamed = [.. tokens.Where(token => token.Sibling == sequence.Sibling)];
            Assert.Equal(sequence.Tokens, streamed.Select(token => token.Token));
            Assert.Equal(sequence.LogProbs, streamed.Select(token => token.LogProb));
            Assert.Equal(sequence.Versions, streamed.Select(token => token.Version));
            Assert.Equal(sequence.Finish, streamed[^1].Finish);
            Assert.All(streamed.SkipLast(1), token => Assert.Null(token.Finish));
        }
    }

    [Fact]
    public void A_request_that_starts_again_passes_nothing_on_twice()
    {
        var feed = new TokenFeed(2);
        Draw(feed, 0, 1, 2);
        Draw(feed, 1, 9);
        feed.Restart(0);
        Draw(feed, 0, 1, 2, 3);
        Draw(feed, 1, 8);
        feed.Complete();

        List<GeneratedToken> passed = [];
        while (feed.Tokens.TryRead(out GeneratedToken token))
        {
            passed.Add(token);
        }

        Assert.Equal([(0, 1), (0, 2), (1, 9), (0, 3), (1, 8)], passed.Select(token => (token.Sibling, token.Token)));
        Assert.True(feed.Tokens.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_request_that_draws_otherwise_after_its_start_fails()
    {
        var feed = new TokenFeed(1);
        Draw(feed, 0, 1, 2);
        Assert.True(feed.Tokens.TryRead(out _) && feed.Tokens.TryRead(out _));
        feed.Restart(0);
        Draw(feed, 0, 1, 7);

        await Assert.ThrowsAsync<InsufficientMemoryException>(() => feed.Tokens.Completion);
    }

    private static void Draw(TokenFeed feed, int sibling, params int[] tokens)
    {
        foreach (int token in tokens)
        {
            feed.Add(new GeneratedToken(sibling, token, 0, 0, null));
        }
    }
}
