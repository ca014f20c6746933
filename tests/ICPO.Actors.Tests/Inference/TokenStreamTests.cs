using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Tests.Inference;

/// <summary>The tokens of several responses as they are sampled.</summary>
public sealed class TokenStreamTests
{
    private const string Question = "AB3142=";

    private static readonly GenerationOptions Sampled = new()
    {
        Temperature = 1.3,
        MaxTokens = 30,
        Seed = 5,
        StopStrings = [";", "b3"],
    };

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Each_response_is_that_of_a_request_for_whole_responses(int alternatives)
    {
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path, new() { Slots = 2 }, Deadline);
        ImmutableArray<Completion> whole = await model.GenerateAsync(model.Text(Question), 5, Sampled, Deadline);

        List<CompletionToken> tokens = await CollectAsync(model, Sampled with { Alternatives = alternatives });

        foreach ((int sample, Completion expected) in whole.Index())
        {
            CompletionToken[] own = [.. tokens.Where(token => token.Sample == sample)];
            Assert.Equal(expected.Text, string.Concat(own.Select(token => token.Text)));
            Assert.Equal(expected.Tokens, own.Select(token => token.Token));
            Assert.Equal(expected.LogProbs, own.Select(token => token.LogProb));
            Assert.Equal(expected.Finish, own[^1].Finish);
            Assert.All(own[..^1], token => Assert.Null(token.Finish));
            Assert.All(own, token => Assert.Equal(alternatives, token.Alternatives.IsDefault ? 0 : token.Alternatives.Length));
        }
    }

    [Fact]
    public async Task A_stop_token_ends_a_response_and_is_not_part_of_its_text()
    {
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path, new() { Slots = 2 }, Deadline);
        var greedy = new GenerationOptions { Temperature = 0, MaxTokens = 30 };

        Completion text = await model.GenerateAsync(Question, greedy with { StopStrings = [";"] }, Deadline);
        Completion token = await model.GenerateAsync(Question, greedy with { StopTokens = model.Tokenizer.Encode(";") }, Deadline);

        Assert.Equal((text.Text, text.Finish), (token.Text, token.Finish));
        Assert.Equal(text.Tokens, token.Tokens);
    }

    [Fact]
    public async Task Alternatives_of_a_truncated_distribution_are_refused()
    {
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path, new() { Slots = 2 }, Deadline);
        await Assert.ThrowsAsync<ArgumentException>(() => CollectAsync(model, Sampled with { Alternatives = 1, TopP = 0.5 }));
    }

    private static async Task<List<CompletionToken>> CollectAsync(LanguageModel model, GenerationOptions options)
    {
        List<CompletionToken> tokens = [];
        await foreach (CompletionToken token in model.StreamTokensAsync(model.Text(Question), 5, options, Deadline))
        {
            tokens.Add(token);
        }

        return tokens;
    }
}
