using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Tokens per second of whole updates (scores, loss, gradients, clipping, AdamW) through the learner's own path, on one thread.
/// </summary>
internal static class Training
{
    private const int PromptTokens = 16,
        Groups = 4,
        Siblings = 8;

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        foreach (Shape shape in new[] { Shape.Small, Shape.Medium })
        {
            // Sequences of one length, as in the figures the targets come from; every token, prompt or response, runs through the model.
            int responseTokens = shape == Shape.Small ? 112 : 48;
            await using PolicyLearner learner = new(() => new Decoder(shape.Config).Initialize(1), new LearnerSettings());
            yield return await Measurement.TakeAsync(
                $"train {shape.Name} float32, {Groups * Siblings} sequences of {PromptTokens} + {responseTokens}",
                "tok/s",
                repeats,
                async () =>
                {
                    TrainingBatch batch = Batch(learner.Version, shape.Config.VocabSize, Groups, Siblings, PromptTokens, responseTokens);
                    await learner.UpdateAsync(batch, CancellationToken.None);
                    return batch.Sequences.Sum(sequence => sequence.Prompt.Length + sequence.Response.Length);
                },
                shape.Train
            );
        }
    }

    /// <summary>Groups of random tokens with one prompt each, for the learner's version.</summary>
    public static TrainingBatch Batch(PolicyVersion version, int vocabulary, int groups, int siblings, int promptTokens, int responseTokens)
    {
        var random = new RandomStream((ulong)version.Value + 1);
        ImmutableArray<TrainingSequence>.Builder sequences = ImmutableArray.CreateBuilder<TrainingSequence>();
        for (int group = 0; group < groups; group++)
        {
            ImmutableArray<int> prompt = Tokens(promptTokens, ref random, vocabulary);
            for (int sibling = 0; sibling < siblings; sibling++)
            {
                sequences.Add(
                    new TrainingSequence
                    {
                        Id = new RolloutId(new GroupId(group), Origin.Policy, sibling),
                        Prompt = prompt,
                        Response = Tokens(responseTokens, ref random, vocabulary),
                        BehaviourLogProbs = [.. Enumerable.Repeat((float)-Math.Log(vocabulary), responseTokens)],
                        Versions = [.. Enumerable.Repeat(version.Value, responseTokens)],
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
