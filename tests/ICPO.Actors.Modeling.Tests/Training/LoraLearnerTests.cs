using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>Training of an adapter instead of the weights: what is kept, saved and restored.</summary>
public sealed class LoraLearnerTests : IDisposable
{
    private static readonly LearnerSettings Settings = new()
    {
        MiniBatches = 2,
        MicroBatchTokens = 60,
        Optimizer = new() { LearningRate = 1e-2, WeightDecay = 0.01 },
    };

    private static readonly LoraSettings Lora = new() { Rank = 3, Targets = ["q_proj", "o_proj", "up_proj"] };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void An_update_changes_the_adapter_alone_and_keeps_moments_of_it_alone(bool mixed, bool checkpointing)
    {
        using PolicyTrainer trainer = Trainer(Settings with { MixedPrecision = mixed, GradientCheckpointing = checkpointing });
        string adapter = trainer.WeightsSha256();
        trainer.Update(Learners.Batch(0, 1));
        trainer.Update(Learners.Batch(1, 1));
        Assert.NotEqual(adapter, trainer.WeightsSha256());
        Assert.Equal(trainer.Decoder.Adapter!.Parameters.Select(p => p.Name), trainer.Parameters.Named.Select(p => p.Name));
        Assert.Equal(trainer.Parameters.Values.numel(), trainer.Optimizer.FirstMoment.numel());
        Assert.All(trainer.Decoder.named_parameters(), p => Assert.True(p.parameter.grad is null, p.name));
        using Decoder untrained = Learners.Decoder();
        Assert.All(trainer.Decoder.named_parameters().Zip(untrained.named_parameters()), p =>
            Assert.True(p.First.parameter.equal(p.Second.parameter).all().ToBoolean(), p.First.name)
        );
    }

    [Fact]
    public void The_reference_of_an_adapted_policy_is_the_policy_without_its_adapter()
    {
        LearnerSettings settings = Settings with { Objective = new() { KlCoefficient = 0.5 } };
        using PolicyTrainer suspended = Trainer(settings);
        using PolicyTrainer separate = Trainer(settings, Learners.Decoder());
        for (int version = 0; version < 3; version++)
        {
            UpdateReport want = separate.Update(Learners.Batch(version, 1)),
                got = suspended.Update(Learners.Batch(version, 1));
            Assert.Equal(want.WeightsSha256, got.WeightsSha256);
            Assert.Equal(want.Metrics["kl"], got.Metrics["kl"]);
        }
    }

    [Fact]
    public async Task A_learner_restored_in_the_middle_ends_with_the_same_checkpoint_byte_for_byte()
    {
        ModelSource model = Model();
        await using PolicyLearner straight = Learner(model),
            stopped = Learner(model),
            resumed = Learner(model);
        foreach (PolicyLearner learner in (PolicyLearner[])[straight, stopped])
        {
            await UpdateAsync(learner, 0, 2);
        }

        await stopped.SaveAsync(In("middle"), default);
        await resumed.RestoreAsync(In("middle"), default);
        Assert.Equal(new PolicyVersion(2), resumed.Version);
        Assert.Equal(await UpdateAsync(straight, 2, 4), await UpdateAsync(resumed, 2, 4));
        await straight.SaveAsync(In("straight"), default);
        await resumed.SaveAsync(In("resumed"), default);
        string[] files = [.. Directory.EnumerateFiles(In("straight")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(
            [
                "adapter_config.json",
                "adapter_model.safetensors",
                "manifest.json",
                "optimizer.safetensors",
                "tokenizer.json",
                "tokenizer_config.json",
                "trainer_state.json",
            ],
            files
        );
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(In("straight", file)), File.ReadAllBytes(In("resumed", file))));
    }

    [Theory]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("trainer_state.json")]
    public async Task A_damaged_checkpoint_is_refused_by_file_name_and_changes_nothing(string file)
    {
        ModelSource model = Model();
        await using PolicyLearner learner = Learner(model),
            other = Learner(model),
            fresh = Learner(model);
        await UpdateAsync(learner, 0, 1);
        await learner.SaveAsync(In("checkpoint"), default);
        byte[] bytes = await File.ReadAllBytesAsync(In("checkpoint", file));
        foreach (
            Action damage in (Action[])
                [() => File.WriteAllBytes(In("checkpoint", file), bytes[..^10]), () => File.Delete(In("checkpoint", file))]
        )
        {
            damage();
            Assert.Contains(
                In("checkpoint", file),
                (await Assert.ThrowsAsync<InvalidDataException>(() => other.RestoreAsync(In("checkpoint"), default))).Message
            );
        }

        Assert.Equal(PolicyVersion.Base, other.Version);
        Assert.Equal(await UpdateAsync(fresh, 0, 1), await UpdateAsync(other, 0, 1));
    }

    [Fact]
    public async Task A_checkpoint_of_another_base_model_another_adapter_or_of_all_weights_is_refused_and_changes_nothing()
    {
        ModelSource model = Model(),
            otherModel = Model("other", seed: 8);
        await using PolicyLearner learner = Learner(model),
            rank = Learner(model, Lora with { Rank = 4 }),
            alpha = Learner(model, Lora with { Alpha = 1 }),
            otherBase = Learner(otherModel),
            whole = ModelLearner.Create(model, Settings);
        await UpdateAsync(learner, 0, 1);
        await learner.SaveAsync(In("checkpoint"), default);
        await RefusedAsync(rank, "describes another adapter");
        await RefusedAsync(alpha, "describes another adapter");
        await RefusedAsync(otherBase, "restore the model that the run started with");
        await RefusedAsync(whole, "model.safetensors is missing");
        await whole.SaveAsync(In("checkpoint"), default);
        await RefusedAsync(learner, "adapter_model.safetensors is missing");
        Assert.Equal(new PolicyVersion(1), learner.Version);

        async Task RefusedAsync(PolicyLearner refusing, string why) =>
            Assert.Contains(
                why,
                (await Assert.ThrowsAsync<InvalidDataException>(() => refusing.RestoreAsync(In("checkpoint"), default))).Message
            );
    }

    [Fact]
    public async Task A_checkpoint_is_a_model_that_its_config_leads_to_and_merges_into_one()
    {
        ModelSource model = Model();
        await using PolicyLearner learner = Learner(model);
        await UpdateAsync(learner, 0, 2);
        await learner.SaveAsync(In("checkpoint"), default);
        using DisposeScope scope = NewDisposeScope();
        using Decoder adapted = model.Load();
        var adapter = LoraAdapter.Load(adapted, In("checkpoint"));
        Tensor ids = arange(9).unsqueeze(0),
            want = adapted.Forward(ids);
        AdapterMerge.Write(In("checkpoint"), null, In("merged"));
        foreach (
            ModelSource merged in (ModelSource[])
                [ModelSource.Open(In("checkpoint")), ModelSource.Open(model.Path, In("checkpoint")), ModelSource.Open(In("merged"))]
        )
        {
            using Decoder decoder = merged.Load();
            Assert.True(want.allclose(decoder.Forward(ids), 0, 1e-5), merged.Path);
            Assert.Equal(model.LoadTokenizer().Encode("abc<eos>"), merged.LoadTokenizer().Encode("abc<eos>"));
        }

        // A bfloat16 model is rounded once, after the sum.
        adapter.Merge();
        using Decoder half = ModelSource.Open(In("checkpoint")).Load(dtype: ScalarType.BFloat16);
        Assert.All(adapted.named_parameters().Zip(half.named_parameters()), p =>
            Assert.True(p.First.parameter.to(ScalarType.BFloat16).equal(p.Second.parameter).all().ToBoolean(), p.First.name)
        );
    }

    [Fact]
    public async Task An_adapter_whose_base_is_not_there_or_that_lies_on_an_adapter_is_refused_by_a_sentence()
    {
        ModelSource model = Model();
        await using PolicyLearner learner = Learner(model);
        await learner.SaveAsync(In("checkpoint"), default);
        Refused(() => ModelSource.Open(In("checkpoint"), In("checkpoint")), "name one of them");
        Assert.Contains(
            "merge it first",
            Assert.Throws<ArgumentException>(() => new PolicyBackend(In("checkpoint"), new(), Settings, new() { Lora = Lora })).Message
        );
        Assert.Contains(
            "icpo.model.lora: targets names 'x_proj'",
            Assert
                .Throws<ArgumentException>(() =>
                    new PolicyBackend(model.Path, new(), Settings, new() { Lora = Lora with { Targets = ["x_proj"] } })
                )
                .Message
        );
        Directory.Move(model.Path, In("moved"));
        Refused(() => ModelSource.Open(In("checkpoint")), "which is not there");
        using Decoder found = ModelSource.Open(In("moved"), In("checkpoint")).Load();

        void Refused(Action open, string why)
        {
            string message = Assert.Throws<InvalidDataException>(open).Message;
            Assert.Contains(In("checkpoint"), message);
            Assert.Contains(why, message);
        }
    }

    private string In(params string[] names) => Path.Combine([_folder.Path, .. names]);

    private ModelSource Model(string name = "base", ulong seed = 7)
    {
        using Decoder decoder = Learners.Decoder(seed: seed);
        var tokenizer = CharacterTokenizer.Create("abcdefghijklmnopqrst");
        HuggingFaceDirectory.Save(In(name), decoder, tokenizer.Special, tokenizer.Save);
        return ModelSource.Open(In(name));
    }

    private static PolicyTrainer Trainer(LearnerSettings settings, Decoder? reference = null)
    {
        Decoder decoder = Learners.Decoder();
        LoraAdapter.Create(decoder, Lora, 1);
        return new PolicyTrainer(decoder, settings, reference: reference);
    }

    private static PolicyLearner Learner(ModelSource model, LoraSettings? lora = null) =>
        ModelLearner.Create(model, Settings, lora: lora ?? Lora, loraSeed: 1);

    /// <returns>The hash of the last update.</returns>
    private static async Task<string> UpdateAsync(PolicyLearner learner, int from, int to)
    {
        string hash = "";
        for (int version = from; version < to; version++)
        {
            hash = (await learner.UpdateAsync(Learners.Batch(version, 3), default)).WeightsSha256;
        }

        return hash;
    }
}
