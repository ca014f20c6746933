using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>Tiny models and random batches for the tests of learning.</summary>
internal static class Learners
{
    public static DecoderConfig Config { get; } =
        new()
        {
            VocabSize = 23,
            HiddenSize = 16,
            IntermediateSize = 24,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            HeadDim = 4,
            MaxPositionEmbeddings = 64,
            TieWordEmbeddings = true,
        };

    public static Decoder Decoder(ScalarType dtype = ScalarType.Float32, ulong seed = 7, Device? device = null) =>
        new Decoder(Config with { InitializerRange = 0.3 }, device, dtype).Initialize(seed);

    public static PolicyTrainer Trainer(LearnerSettings settings, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        new(Decoder(dtype, device: device), settings, reference: settings.Objective.KlCoefficient != 0 ? Decoder(dtype, 8, device) : null);

    /// <summary>Groups of 4 with ragged responses; the last member is an expert's, one group has no signal.</summary>
    public static TrainingBatch Batch(long version, ulong seed, int groups = 6)
    {
        RandomStream random = new(Seed.Derive(seed, (ulong)version));
        List<TrainingSequence> sequences = [];
        for (int group = 0; group < groups; group++)
        {
            int[] prompt = Tokens(ref random, 2 + random.NextInt(5));
            for (int sibling = 0; sibling < 4; sibling++)
            {
                int[] response = Tokens(ref random, 1 + random.NextInt(9));
                long sampledBy = Math.Max(0, version - random.NextInt(3));
                sequences.Add(
                    new()
                    {
                        Id = new(new(group), sibling == 3 ? Origin.Expert : Origin.Policy, sibling),
                        Prompt = [.. prompt],
                        Response = [.. response],
                        BehaviorLogProbs = [.. Numbers(ref random, response.Length).Select(x => (float)(-4 * x))],
                        Versions = [.. response.Select(_ => sampledBy)],
                        Advantage = group == 0 ? 0 : random.NextDouble() * 2 - 1,
                    }
                );
            }
        }

        return new(new(version), [.. sequences]);
    }

    private static int[] Tokens(ref RandomStream random, int count)
    {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++)
        {
            tokens[i] = random.NextInt(Config.VocabSize);
        }

        return tokens;
    }

    private static double[] Numbers(ref RandomStream random, int count)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = random.NextDouble();
        }

        return numbers;
    }
}
