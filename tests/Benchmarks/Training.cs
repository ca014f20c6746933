using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Tokens per second of whole updates (scores, loss, gradients, clipping, AdamW) by the learner, on one thread.
/// </summary>
internal static class Training
{
    private const int PromptTokens = 16;
    private const int Groups = 4;
    private const int Siblings = 8;

    /// <summary>The micro-batch of all recorded results.</summary>
    public static LearnerSettings Settings { get; } = new() { MicroBatchTokens = 4096 };

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (Shape shape in new[] { Shape.Small, Shape.Medium })
        {
            // All sequences have the same length, as in the figures that the targets come from. Prompt and response tokens are counted.
            int responseTokens = shape == Shape.Small ? 112 : 48;
            await using PolicyLearner learner = new(() => new Decoder(shape.Config).Initialize(1), Settings);
            yield return await Measurement.TakeAsync(
                $"train {shape.Name} float32, {Groups * Siblings} sequences of {PromptTokens} + {responseTokens}",
                "tok/s",
                repeats,
                async () =>
                {
                    var size = new BatchSize(Groups, Siblings, PromptTokens, responseTokens);
                    TrainingBatch batch = Batch(learner.Version, shape.Config.VocabSize, size);
                    await learner.UpdateAsync(batch, CancellationToken.None);
                    return batch.Sequences.Sum(sequence => sequence.Prompt.Length + sequence.Response.Length);
                },
                shape.Train
            );
        }
    }

    /// <summary>A batch of random tokens for a policy version; the rollouts of a group share their prompt.</summary>
    public static TrainingBatch Batch(PolicyVersion version, int vocabulary, BatchSize size)
    {
        var random = new RandomStream((ulong)version.Value + 1);
        ImmutableArray<TrainingSequence>.Builder sequences = ImmutableArray.CreateBuilder<TrainingSequence>();
        for (int group = 0; group < size.Groups; group++)
        {
            ImmutableArray<int> prompt = Tokens(size.PromptTokens, ref random, vocabulary);
            for (int sibling = 0; sibling < size.Siblings; sibling++)
            {
                sequences.Add(
                    new TrainingSequence
                    {
                        Id = new RolloutId(new GroupId(group), Origin.Policy, sibling),
                        Prompt = prompt,
                        Response = Tokens(size.ResponseTokens, ref random, vocabulary),
                        BehaviorLogProbs = [.. Enumerable.Repeat((float)-Math.Log(vocabulary), size.ResponseTokens)],
                        Versions = [.. Enumerable.Repeat(version.Value, size.ResponseTokens)],
                        Advantage = sibling % 2 == 0 ? 1 : -1,
                    }
                );
            }
        }

        return new TrainingBatch(version, sequences.DrainToImmutable());
    }

    private static ImmutableArray<int> Tokens(int count, ref RandomStream random, int vocabulary)
    {
        int[] tokens = new int[count];
        for (int at = 0; at < count; at++)
        {
            tokens[at] = random.NextInt(vocabulary);
        }

        return [.. tokens];
    }
}

/// <summary>The size of a training batch.</summary>
internal readonly record struct BatchSize(int Groups, int Siblings, int PromptTokens, int ResponseTokens)
{
    public int Sequences => Groups * Siblings;

    public int Length => PromptTokens + ResponseTokens;
}
