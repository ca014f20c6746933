using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Modeling.Pretraining;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Tests.Pretraining;

public sealed class PretrainerTests
{
    [Fact]
    public void A_pattern_is_learnt_and_equal_seeds_give_equal_weights()
    {
        List<PretrainingProgress> steps = [];
        string first = Weights(1, steps.Add),
            again = Weights(1),
            other = Weights(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.True(steps[0].Loss > 2.5, $"{steps[0]}");
        Assert.True(steps[^1].Loss < 0.3, $"{steps[^1]}");
        Assert.Equal(steps[^1].TotalTokens, steps[^1].Tokens);
        Assert.Equal([0, 1], steps.Select(s => s.Phase).Distinct());
    }

    [Fact]
    public void Rows_that_end_too_early_are_an_error() =>
        Assert.Throws<InvalidDataException>(() =>
            Pretrainer.Train(Learners.Config, new() { BatchRows = 8 }, [new(Rows(0).Take(20), 12 * 80, 1e-3)])
        );

    [Fact]
    public void Rows_of_different_lengths_are_an_error() =>
        Assert.Throws<InvalidDataException>(() =>
            Pretrainer.Train(
                Learners.Config,
                new() { BatchRows = 2 },
                [new([new([1, 2, 3], [true, true, true]), new([1, 2], [true, true])], 6, 1e-3)]
            )
        );

    private static string Weights(ulong seed, Action<PretrainingProgress>? progress = null)
    {
        using Decoder decoder = Pretrainer.Train(
            Learners.Config,
            new() { BatchRows = 8, Seed = seed },
            [new(Rows(0), 200 * 8 * 12, 1e-2), new(Rows(1), 20 * 8 * 12, 1e-3)],
            progress
        );
        using PolicyTrainer trainer = new(decoder, new());
        return trainer.WeightsSha256();
    }

    /// <summary>Each token is the one before plus 3; the first is free.</summary>
    private static IEnumerable<PretrainingRow> Rows(ulong seed)
    {
        RandomStream random = new(seed);
        while (true)
        {
            int start = random.NextInt(Learners.Config.VocabSize);
            yield return new(
                [.. Enumerable.Range(0, 12).Select(i => (start + 3 * i) % Learners.Config.VocabSize)],
                [.. Enumerable.Range(0, 12).Select(i => i > 0)]
            );
        }
    }
}
