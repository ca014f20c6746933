using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class LikeliestTokensTests
{
    /// <summary>A small range, so that some logits are equal; some tokens have probability 0.</summary>
    private static readonly Gen<float[]> Logits = Gen.OneOf(Gen.Int[-8, 8].Select(value => value / 4f), Gen.Const(float.NegativeInfinity))
        .Array[2, 40]
        .Where(logits => logits.Any(float.IsFinite));

    [Fact]
    public void They_are_those_of_the_whole_softmax_in_order() =>
        Gen.Select(Logits, Gen.OneOf(Gen.Const(0.0), Gen.Const(0.5), Gen.Const(1.0), Gen.Const(2.0)), Gen.Int[1, 20], Gen.ULong)
            .Sample(
                (logits, temperature, count, seed) =>
                {
                    var random = new RandomStream(seed);
                    SampledToken drawn = new Sampler(logits.Length).Sample(
                        logits,
                        new SamplerSettings { Temperature = temperature },
                        ref random
                    );

                    ImmutableArray<TokenLogProb> found = LikeliestTokens.Find(logits, count, drawn, temperature);

                    double scale = temperature > 0 ? temperature : 1;
                    double normalizer = Math.Log(logits.Sum(logit => Math.Exp(logit / scale)));
                    int[] expected =
                    [
                        .. Enumerable
                            .Range(0, logits.Length)
                            .Where(token => float.IsFinite(logits[token]))
                            .OrderByDescending(token => logits[token])
                            .ThenBy(token => token)
                            .Take(count),
                    ];
                    Assert.Equal(expected, found.Select(token => token.Token));
                    Assert.All(found, token => Assert.Equal(logits[token.Token] / scale - normalizer, token.LogProb, 1e-4));
                    if (temperature == 0)
                    {
                        Assert.Equal(drawn.Token, found[0].Token);
                    }
                }
            );
}
