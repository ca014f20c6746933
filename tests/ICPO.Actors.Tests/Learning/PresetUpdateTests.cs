using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Tests.Learning;

/// <summary>Updates of a tiny model with the settings of every preset and every staleness correction.</summary>
public sealed class PresetUpdateTests
{
    private static readonly DecoderConfig Config = new()
    {
        VocabSize = 23,
        HiddenSize = 16,
        IntermediateSize = 24,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 2,
        HeadDim = 8,
        MaxPositionEmbeddings = 32,
        TieWordEmbeddings = true,
        InitializerRange = 0.3,
    };

    public PresetUpdateTests() => TorchRuntime.EnsureLoaded();

    public static TheoryData<string> Presets => [.. IcpoConfiguration.Presets];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_moves_the_weights_by_finite_gradients_and_repeats_its_updates(string preset)
    {
        foreach (int staleness in new[] { 0, 4 })
        {
            string[] overrides = [$"preset={preset}", $"admission.max-staleness={staleness}", "learner.mini-batches=2"];
            AssertTrains(overrides, staleness);
        }
    }

    [Fact]
    public void Every_correction_trains_at_every_staleness()
    {
        foreach (string correction in CorrectionRegistry.BuiltIn.Names)
        {
            foreach (int staleness in new[] { 0, 1, 2, 4, 8, 16 })
            {
                AssertTrains(["preset=icpo", $"objective.correction={correction}", $"admission.max-staleness={staleness}"], staleness);
            }
        }
    }

    private static void AssertTrains(string[] overrides, int staleness)
    {
        LearnerSettings settings = IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }).Settings.Learner;
        (string before, string first) = Train(settings, staleness);
        Assert.NotEqual(before, first);
        Assert.Equal(first, Train(settings, staleness).After);
    }

    private static (string Before, string After) Train(LearnerSettings settings, int staleness)
    {
        Decoder? reference = settings.Objective.KlCoefficient == 0 ? null : new Decoder(Config).Initialize(7);
        using var trainer = new PolicyTrainer(new Decoder(Config).Initialize(7), settings, reference: reference);
        string before = trainer.WeightsSha256();
        for (int update = 0; update < 2; update++)
        {
            UpdateReport report = trainer.Update(Batch(update, staleness));
            Assert.All(report.Metrics, metric => Assert.True(double.IsFinite(metric.Value), metric.Key));
            Assert.True(report.Metrics["gradient-norm"] > 0);
        }

        return (before, trainer.WeightsSha256());
    }

    /// <summary>Four groups of three policy rollouts and an expert one; log μ is as far from log π as old weights make it.</summary>
    private static TrainingBatch Batch(long version, int staleness)
    {
        RandomStream random = new(Seed.Derive(5, (ulong)version));
        List<TrainingSequence> sequences = [];
        for (int group = 0; group < 4; group++)
        {
            for (int sibling = 0; sibling < 4; sibling++)
            {
                int[] response = [.. Enumerable.Repeat(0, 1 + random.NextInt(6)).Select(_ => random.NextInt(Config.VocabSize))];
                sequences.Add(
                    new TrainingSequence
                    {
                        Id = new RolloutId(new GroupId(group), sibling == 3 ? Origin.Expert : Origin.Policy, sibling),
                        Prompt = [1, 2, group],
                        Response = [.. response],
                        BehaviorLogProbs = [.. response.Select(_ => (float)(-2.5 - (staleness * random.NextDouble())))],
                        Versions = [.. response.Select(_ => Math.Max(0, version - staleness))],
                        Advantage = sibling % 2 == 0 ? 1 : -0.8,
                        Reward = sibling % 2 == 0 ? 1 : 0,
                    }
                );
            }
        }

        return new TrainingBatch(new PolicyVersion(version), [.. sequences]);
    }
}
