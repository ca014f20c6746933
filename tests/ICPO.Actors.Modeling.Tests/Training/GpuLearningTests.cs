using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>Learning on a GPU, beside the same on the CPU.</summary>
public sealed class GpuLearningTests : IDisposable
{
    private static readonly LearnerSettings Settings = new()
    {
        MiniBatches = 2,
        MicroBatchTokens = 150,
        Temperature = 0.8,
        Objective = new() { KlCoefficient = 0.1, EntropyCoefficient = 0.1 },
        Optimizer = new() { LearningRate = 1e-2, WeightDecay = 0.01 },
    };

    private static readonly LoraSettings Lora = new() { Rank = 3, Targets = ["q_proj", "o_proj", "up_proj"] };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Updates_are_those_of_the_cpu(bool adapted, bool lean)
    {
        LearnerSettings settings = lean ? Settings with { GradientCheckpointing = true, LogitsChunk = 7 } : Settings;
        using PolicyTrainer here = Trainer(settings, CPU, adapted),
            there = Trainer(settings, Gpu.Require(), adapted);
        Assert.Equal(here.WeightsSha256(), there.WeightsSha256());
        for (int version = 0; version < 3; version++)
        {
            UpdateReport expected = here.Update(Learners.Batch(version, 1)),
                actual = there.Update(Learners.Batch(version, 1));
            foreach (
                (string name, double value) in expected.Metrics.Where(metric =>
                    !metric.Key.StartsWith("seconds/", StringComparison.Ordinal)
                )
            )
            {
                Assert.Equal(value, actual.Metrics[name], 1e-8);
            }

            Fixtures.Close(Doubles(here.Parameters.Values), Doubles(there.Parameters.Values), 1e-8, $"weights after update {version}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mixed_precision_gradients_are_close_to_those_of_float32(bool lean)
    {
        LearnerSettings mixed = Settings with { MixedPrecision = true, GradientCheckpointing = lean, LogitsChunk = lean ? 7 : 0 };
        using PolicyTrainer here = Learners.Trainer(Settings),
            there = Learners.Trainer(mixed, device: Gpu.Require());
        here.AddGradient(Learners.Batch(3, 2).Sequences);
        there.AddGradient(Learners.Batch(3, 2).Sequences);
        double[] exact = Doubles(here.Parameters.Gradients),
            other = Doubles(there.Parameters.Gradients);
        double cosine = exact.Zip(other, (a, b) => a * b).Sum() / Math.Sqrt(exact.Sum(x => x * x) * other.Sum(x => x * x));
        Assert.InRange(cosine, 0.998, 1.0000001);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checkpoint_goes_on_on_the_other_device(bool adapted)
    {
        ModelSource model = Model();
        Device gpu = Gpu.Require();
        LoraSettings? lora = adapted ? Lora : null;
        LearnerSettings settings = new() { Optimizer = Settings.Optimizer };
        foreach ((Device from, Device to) in new[] { (gpu, CPU), (CPU, gpu) })
        {
            await using PolicyLearner first = ModelLearner.Create(model, settings, device: from, lora: lora),
                second = ModelLearner.Create(model, settings, device: to, lora: lora);
            UpdateReport report = await first.UpdateAsync(Learners.Batch(0, 3), Deadline);
            PolicySnapshot written = await first.PublishAsync(In("first"), default, Deadline);
            await first.SaveAsync(In("checkpoint"), Deadline);
            await second.RestoreAsync(In("checkpoint"), Deadline);
            Assert.Equal(new PolicyVersion(1), second.Version);
            Assert.Equal(written.Sha256, (await second.PublishAsync(In("second"), default, Deadline)).Sha256);
            Assert.Equal(report.Metrics["sequences"], (await second.UpdateAsync(Learners.Batch(1, 3), Deadline)).Metrics["sequences"]);
        }
    }

    [Theory]
    [InlineData("float32", false, 1e-4)]
    [InlineData("float32", true, 1e-4)]
    [InlineData("bfloat16", false, 0.3)]
    [InlineData("bfloat16", true, 0.3)]
    public async Task An_engine_samples_with_the_log_probabilities_of_what_the_learner_published(
        string dtype,
        bool adapted,
        double tolerance
    )
    {
        Gpu.Require();
        PolicyBackend backend = new(
            Model().Path,
            new EngineSettings { Slots = 4 },
            new LearnerSettings { Optimizer = new() { LearningRate = 3e-2 } },
            new BackendOptions
            {
                Device = "cuda",
                Dtype = dtype,
                Lora = adapted ? Lora : null,
                LoraSeed = 2,
            }
        );
        await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: false);
        await using ILearner learner = backend.CreateLearner();
        await learner.UpdateAsync(Learners.Batch(0, 3), Deadline);
        await learner.UpdateAsync(Learners.Batch(1, 3), Deadline);
        await engine.SwapAsync(await learner.PublishAsync(In("policies"), default, Deadline), Deadline);
        await learner.SaveAsync(In("checkpoint"), Deadline);
        using Decoder policy = ModelSource.Open(In("checkpoint")).Load();
        long[] prompt = [4, 9, 11];
        await foreach (
            GeneratedSequence sequence in engine.GenerateAsync(
                new([4, 9, 11], [1, 2, 3, 4, 5, 6], new SamplerSettings { MaxTokens = 20 }),
                Deadline
            )
        )
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable constant = no_grad();
            long[] all = [.. prompt, .. sequence.Tokens.Select(token => (long)token)];
            Tensor logProbs = policy
                .Forward(tensor(all[..^1]).unsqueeze(0))[0]
                .log_softmax(-1)
                .narrow(0, prompt.Length - 1, sequence.Tokens.Length);
            Fixtures.Close(
                Doubles(logProbs.gather(-1, tensor(all[prompt.Length..]).unsqueeze(-1)).flatten()),
                [.. sequence.LogProbs.Select(l => (double)l)],
                tolerance,
                "sampled log-probabilities"
            );
        }
    }

    private static PolicyTrainer Trainer(LearnerSettings settings, Device device, bool adapted)
    {
        if (!adapted)
        {
            return Learners.Trainer(settings, ScalarType.Float64, device);
        }

        Decoder decoder = Learners.Decoder(ScalarType.Float64, device: device);
        LoraAdapter.Create(decoder, Lora, 1);
        return new PolicyTrainer(decoder, settings);
    }

    private ModelSource Model()
    {
        using Decoder decoder = Learners.Decoder();
        var tokenizer = CharacterTokenizer.Create("abcdefghijklmnopqrst");
        HuggingFaceDirectory.Save(In("base"), decoder, tokenizer.Special, tokenizer.Save);
        return ModelSource.Open(In("base"));
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private static double[] Doubles(Tensor values) => values.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
