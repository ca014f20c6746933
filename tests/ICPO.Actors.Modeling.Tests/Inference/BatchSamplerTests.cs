using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class BatchSamplerTests
{
    private const int Vocabulary = 5000,
        Count = 60;

    private static readonly SamplerSettings Settings = new()
    {
        MaxTokens = 9,
        Temperature = 0.7,
        TopK = 40,
    };

    [Fact]
    public void Several_threads_draw_what_one_draws()
    {
        SampledToken[] one = Draw(1, Logits()),
            three = Draw(3, Logits()),
            many = Draw(2 * Count, Logits());
        Assert.Equal(one, three);
        Assert.Equal(one, many);
        Assert.True(one.Distinct().Count() > Count / 2);
    }

    [Fact]
    public void Damaged_logits_are_told_as_by_one_thread()
    {
        float[] logits = Logits();
        logits[(37 * Vocabulary) + 5] = float.NaN;
        Assert.Equal(
            Assert.Throws<ArithmeticException>(() => Draw(1, logits)).Message,
            Assert.Throws<ArithmeticException>(() => Draw(4, logits)).Message
        );
    }

    private static float[] Logits()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Count * Vocabulary).Select(_ => (float)(4 * random.NextDouble()))];
    }

    /// <summary>The second tokens, so that a stream that went wrong shows.</summary>
    private static SampledToken[] Draw(int threads, float[] logits)
    {
        var request = new OpenRequest(new GenerationRequest([1], [.. Enumerable.Range(0, Count).Select(seed => (ulong)seed)], Settings));
        var stops = new StopMatcher(new PolicyTokenizer(CharacterTokenizer.Create("ab")), Settings);
        List<ActiveSequence> sequences =
        [
            .. Enumerable.Range(0, Count).Select(sibling => new ActiveSequence(request, sibling, sibling, stops)),
        ];
        var sampler = new BatchSampler(Vocabulary, threads);
        sampler.Draw(sequences, logits);
        return sampler.Draw(sequences, logits).ToArray();
    }
}
