using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Publication of an adapter alone: the engine adds it to the base weights.</summary>
public sealed class AdapterSwapTests : IDisposable
{
    private static readonly LearnerSettings Settings = new()
    {
        MicroBatchTokens = 200,
        Optimizer = new() { LearningRate = 3e-2 },
    };

    private static readonly LoraSettings Lora = new() { Rank = 4, Targets = ["q_proj", "k_proj", "down_proj", "lm_head"] };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_published_file_holds_the_adapter_alone_and_an_engine_samples_with_the_learners_log_probabilities()
    {
        foreach (ModelFamily family in ModelFamilies.BuiltIn.All.Where(family => !family.HasFusedProjections))
        {
            PolicyBackend backend = Backend($"{family.Name}", family);
            await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: true);
            await using ILearner learner = backend.CreateLearner();
            await learner.UpdateAsync(Learners.Batch(0, 3), Deadline);
            await learner.UpdateAsync(Learners.Batch(1, 3), Deadline);
            PolicySnapshot snapshot = await learner.PublishAsync(In("policies"), default, Deadline);
            using (var file = SafetensorsFile.Open(snapshot.Path))
            {
                Assert.All(file.Tensors, tensor => Assert.Contains(".lora_", tensor.Name, StringComparison.Ordinal));
                Assert.Equal(2 * ((3 * Learners.Config.NumHiddenLayers) + 1), file.Tensors.Count);
            }

            List<GeneratedSequence> before = await SampleAsync(engine);
            await engine.SwapAsync(snapshot, Deadline);
            List<GeneratedSequence> after = await SampleAsync(engine);
            Assert.Contains(before.Zip(after), pair => !pair.First.LogProbs.SequenceEqual(pair.Second.LogProbs));

            await learner.SaveAsync(In($"{family.Name}-checkpoint"), Deadline);
            using Decoder policy = ModelSource.Open(In($"{family.Name}")).Load();
            using var adapter = LoraAdapter.Load(policy, In($"{family.Name}-checkpoint"));
            Assert.All(after, sequence =>
                Fixtures.Close(LogProbs(policy, sequence), [.. sequence.LogProbs.Select(l => (double)l)], 1e-4, $"{family.Name}")
            );
        }
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public async Task Errors_do_not_add_up_over_swaps_whatever_was_swapped_in_between(string dtype)
    {
        PolicyBackend backend = Backend("model", Qwen3.Family, dtype);
        await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: true),
            other = backend.CreateEngine(1, isolateRequests: true);
        await using ILearner learner = backend.CreateLearner();
        PolicySnapshot first = await learner.PublishAsync(In("policies"), default, Deadline);
        await learner.UpdateAsync(Learners.Batch(0, 3), Deadline);
        PolicySnapshot second = await learner.PublishAsync(In("policies"), default, Deadline);

        // An adapter of other layers, and all weights of another model.
        await using PolicyLearner narrow = ModelLearner.Create(
            ModelSource.Open(In("model")),
            Settings,
            lora: new() { Rank = 2, Targets = ["v_proj"] },
            loraSeed: 5
        );
        await narrow.UpdateAsync(Learners.Batch(0, 4), Deadline);
        await using PolicyLearner whole = ModelLearner.Create(ModelSource.Open(In("model")), Settings);
        await whole.UpdateAsync(Learners.Batch(0, 5), Deadline);
        PolicySnapshot third = await narrow.PublishAsync(In("narrow"), default, Deadline),
            fourth = await whole.PublishAsync(In("whole"), default, Deadline);

        await other.SwapAsync(second, Deadline);
        List<GeneratedSequence> want = await SampleAsync(other),
            start = await SampleAsync(engine);
        foreach (PolicySnapshot between in (PolicySnapshot[])[first, second, third, fourth, third, second])
        {
            await engine.SwapAsync(between, Deadline);
        }

        Same(want, await SampleAsync(engine));

        // An adapter that has learned nothing adds nothing.
        await engine.SwapAsync(first, Deadline);
        Same(start, await SampleAsync(engine));
    }

    [Fact]
    public async Task An_adapter_of_another_shape_or_for_an_engine_without_base_files_is_refused_and_the_old_weights_stay()
    {
        PolicyBackend backend = Backend("model", Qwen3.Family),
            wide = Backend("wide", Qwen3.Family, hidden: 24);
        await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: true);
        await using ILearner stranger = wide.CreateLearner(),
            learner = backend.CreateLearner();
        List<GeneratedSequence> before = await SampleAsync(engine);
        PolicySnapshot strange = await stranger.PublishAsync(In("policies"), default, Deadline);
        Assert.Contains(strange.Path, (await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(strange, Deadline))).Message);
        Same(before, await SampleAsync(engine));

        using Decoder decoder = ModelSource.Open(In("model")).Load();
        await using var bare = GenerationEngine.Create(decoder, backend.Tokenizer, new EngineSettings { Slots = 2 }, "bare");
        PolicySnapshot own = await learner.PublishAsync(In("policies"), default, Deadline);
        Assert.Contains(own.Path, (await Assert.ThrowsAsync<InvalidDataException>(() => bare.SwapAsync(own, Deadline))).Message);
    }

    private PolicyBackend Backend(string name, ModelFamily family, string dtype = "float32", int hidden = 16)
    {
        var tokenizer = CharacterTokenizer.Create("abcdefghijklmnopqrst");
        DecoderConfig config = Learners.Config with
        {
            Family = family,
            TieWordEmbeddings = false,
            InitializerRange = 0.3,
            HiddenSize = hidden,
        };
        using (Decoder decoder = new Decoder(config).Initialize(7))
        {
            HuggingFaceDirectory.Save(In(name), decoder, tokenizer.Special, tokenizer.Save);
        }

        return new PolicyBackend(
            In(name),
            new EngineSettings { Slots = 4 },
            Settings,
            new()
            {
                Dtype = dtype,
                Lora = Lora,
                LoraSeed = 2,
            }
        );
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private static void Same(List<GeneratedSequence> expected, List<GeneratedSequence> actual) => Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.Tokens.AsEnumerable(), pair.Second.Tokens);
            Assert.Equal(pair.First.LogProbs.AsEnumerable(), pair.Second.LogProbs);
        });

    private static readonly int[] Prompt = [4, 9, 11];

    private static async Task<List<GeneratedSequence>> SampleAsync(IGenerationEngine engine)
    {
        List<GeneratedSequence> sequences = [];
        await foreach (
            GeneratedSequence sequence in engine.GenerateAsync(
                new([.. Prompt], [1, 2, 3], new SamplerSettings { MaxTokens = 20 }),
                Deadline
            )
        )
        {
            sequences.Add(sequence);
        }

        return [.. sequences.OrderBy(s => s.Sibling)];
    }

    private static double[] LogProbs(Decoder decoder, GeneratedSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        long[] all = [.. Prompt, .. sequence.Tokens.Select(t => (long)t)];
        Tensor logProbs = decoder
            .Forward(tensor(all[..^1]).unsqueeze(0))[0]
            .log_softmax(-1)
            .narrow(0, Prompt.Length - 1, sequence.Tokens.Length);
        return [.. logProbs.gather(-1, tensor(all[Prompt.Length..]).unsqueeze(-1)).flatten().data<float>().Select(l => (double)l)];
    }
}
