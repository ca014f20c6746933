using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class TrainingMemoryTests
{
    private static readonly LearnerSettings Plain = new()
    {
        MicroBatchTokens = 150,
        Objective = new() { KlCoefficient = 0.1 },
    };

    [Fact]
    public void The_memory_formula_counts_the_parameters_of_every_architecture()
    {
        foreach (ModelFamily family in ModelFamilies.BuiltIn.All)
        {
            foreach (bool set in new[] { false, true })
            {
                DecoderConfig config = Learners.Config with
                {
                    Family = family,
                    NumHiddenLayers = 6,
                    TieWordEmbeddings = set,
                    AttentionBias = set,
                    MlpBias = set,
                };
                using Decoder decoder = new(config);
                Assert.Equal(decoder.parameters().Sum(parameter => parameter.numel()), config.ParameterCount);
                var full = TrainingMemory.Estimate(config, Plain, 1000, 500, 50);
                Assert.True(
                    TrainingMemory.Estimate(config, Plain with { GradientCheckpointing = true }, 1000, 500, 50).Activations
                        < full.Activations
                );
                Assert.True(TrainingMemory.Estimate(config, Plain with { LogitsChunk = 10 }, 1000, 500, 50).Logits < full.Logits);
                LearnerSettings alone = Plain with { Objective = Plain.Objective with { KlCoefficient = 0 } };
                Assert.Equal(full.State - (4 * config.ParameterCount), TrainingMemory.Estimate(config, alone, 1000, 500, 50).State);
            }
        }
    }
}
