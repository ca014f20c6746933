using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class PolicyLearnerTests : IDisposable
{
    private static readonly LearnerSettings Settings = new()
    {
        MicroBatchTokens = 60,
        Optimizer = new() { LearningRate = 1e-2 },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_learner_restored_in_the_middle_ends_with_the_same_weights()
    {
        await using PolicyLearner straight = Learner();
        await using PolicyLearner stopped = Learner();
        for (int version = 0; version < 2; version++)
        {
            await straight.UpdateAsync(Learners.Batch(version, 3), default);
            await stopped.UpdateAsync(Learners.Batch(version, 3), default);
        }

        string checkpoint = _folder.In("checkpoint-2");
        await stopped.SaveAsync(checkpoint, default);
        await using PolicyLearner resumed = Learner();
        await resumed.RestoreAsync(checkpoint, default);
        Assert.Equal(new PolicyVersion(2), resumed.Version);
        UpdateReport want = await straight.UpdateAsync(Learners.Batch(2, 3), default),
            got = await resumed.UpdateAsync(Learners.Batch(2, 3), default);
        Assert.Equal(want.WeightsSha256, got.WeightsSha256);
        Assert.Equal(want.Version, got.Version);
    }

    [Fact]
    public async Task Its_hardware_is_the_same_text_for_the_same_computation()
    {
        string[] texts = new string[3];
        foreach ((int at, int threads) in new[] { 1, 1, 2 }.Index())
        {
            await using PolicyLearner learner = Learner(Settings with { Threads = threads });
            await learner.UpdateAsync(Learners.Batch(0, 3), default);
            texts[at] = learner.Hardware;
        }

        Assert.NotEmpty(texts[0]);
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
    }

    [Fact]
    public void Gpus_are_named_once_each()
    {
        Assert.Null(HardwareText.Gpus(_folder.In("none")));
        string[] models = ["NVIDIA B", "NVIDIA A", "NVIDIA B"];
        foreach ((int at, string model) in models.Index())
        {
            File.WriteAllText(Path.Combine(_folder.Folder($"gpus/{at}"), "information"), $"Model: \t {model}\nIRQ: \t {at}\n");
        }

        Assert.Equal("NVIDIA A and NVIDIA B", HardwareText.Gpus(_folder.In("gpus")));
    }

    [Fact]
    public async Task An_update_that_is_canceled_changes_nothing()
    {
        LearnerSettings settings = Settings with { MiniBatches = 3 };
        await using PolicyLearner whole = Learner(settings);
        string expected = (await whole.UpdateAsync(Learners.Batch(0, 3), default)).WeightsSha256;
        var random = new Random(5);
        int canceled = 0;
        for (int trial = 0; trial < 40 && canceled < 10; trial++)
        {
            await using PolicyLearner learner = Learner(settings);
            using var cancel = new CancellationTokenSource();
            Task<UpdateReport> update = learner.UpdateAsync(Learners.Batch(0, 3), cancel.Token);
            Thread.SpinWait(random.Next(2_000_000));
            await cancel.CancelAsync();
            await ((Task)update).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            canceled += update.IsCanceled ? 1 : 0;
            UpdateReport report = update.IsCanceled ? await learner.UpdateAsync(Learners.Batch(0, 3), default) : await update;
            Assert.Equal((1, expected), (report.Version.Value, report.WeightsSha256));
        }

        Assert.True(canceled > 0);
    }

    [Fact]
    public async Task Dispose_does_not_wait_for_the_rest_of_a_long_update()
    {
        PolicyLearner learner = Learner();
        Task<UpdateReport> update = learner.UpdateAsync(Learners.Batch(0, 2000), default);
        await learner.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => update);
    }

    [Fact]
    public async Task A_published_file_matches_its_hash_and_holds_the_weights()
    {
        await using PolicyLearner learner = Learner();
        UpdateReport report = await learner.UpdateAsync(Learners.Batch(0, 3), default);
        PolicySnapshot snapshot = await learner.PublishAsync(_folder.In("weights"), new LearnerEpoch(4), default);
        byte[] bytes = await File.ReadAllBytesAsync(snapshot.Path);
        Assert.Equal(bytes.Length, snapshot.Length);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), snapshot.Sha256);
        Assert.Equal((report.Version, new LearnerEpoch(4)), (snapshot.Version, snapshot.Epoch));
        Assert.Equal("policy-1.safetensors", Path.GetFileName(snapshot.Path));
        using Decoder decoder = Learners.Decoder(seed: 99);
        HuggingFaceDirectory.LoadWeights(decoder, snapshot.Path);
        using PolicyTrainer trainer = new(decoder, Settings);
        Assert.Equal(report.WeightsSha256, trainer.WeightsSha256());
    }

    [Theory]
    [InlineData("model.safetensors", true)]
    [InlineData("model.safetensors", false)]
    [InlineData("optimizer.safetensors", true)]
    [InlineData("optimizer.safetensors", false)]
    [InlineData("trainer_state.json", true)]
    [InlineData("trainer_state.json", false)]
    public async Task A_damaged_checkpoint_is_refused_by_file_name_and_changes_nothing(string file, bool missing)
    {
        await using PolicyLearner learner = Learner();
        await learner.UpdateAsync(Learners.Batch(0, 3), default);
        string checkpoint = _folder.In("checkpoint"),
            path = Path.Combine(checkpoint, file);
        await learner.SaveAsync(checkpoint, default);
        if (missing)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^10]);
        }

        await using PolicyLearner other = Learner();
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => other.RestoreAsync(checkpoint, default));
        Assert.Contains(path, e.Message);
        Assert.Equal(PolicyVersion.Base, other.Version);
        await using PolicyLearner fresh = Learner();
        Assert.Equal(
            (await fresh.UpdateAsync(Learners.Batch(0, 3), default)).WeightsSha256,
            (await other.UpdateAsync(Learners.Batch(0, 3), default)).WeightsSha256
        );
    }

    [Fact]
    public async Task Files_of_two_saves_in_one_directory_are_refused()
    {
        await using PolicyLearner learner = Learner();
        await learner.SaveAsync(_folder.In("a"), default);
        await learner.UpdateAsync(Learners.Batch(0, 3), default);
        await learner.SaveAsync(_folder.In("b"), default);
        File.Copy(Path.Combine(_folder.In("a"), "model.safetensors"), Path.Combine(_folder.In("b"), "model.safetensors"), overwrite: true);
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => learner.RestoreAsync(_folder.In("b"), default));
        Assert.Contains(Path.Combine("b", "model.safetensors"), e.Message);
    }

    [Fact]
    public async Task A_checkpoint_is_a_model_directory_with_the_tokenizer_of_the_base()
    {
        string model = _folder.In("base"),
            checkpoint = _folder.In("checkpoint");
        using (Decoder decoder = Learners.Decoder())
        {
            HuggingFaceDirectory.Save(model, decoder, new(null, [3], 0), folder =>
                File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{}")
            );
        }

        await using PolicyLearner learner = ModelLearner.Create(ModelSource.Open(model), Settings);
        UpdateReport report = await learner.UpdateAsync(Learners.Batch(0, 3), default);
        await learner.SaveAsync(checkpoint, default);
        await learner.SaveAsync(checkpoint, default);
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(checkpoint, "tokenizer.json")));
        Assert.Equal([3], HuggingFaceDirectory.LoadSpecialTokens(checkpoint).Eos);
        using PolicyTrainer trainer = new(HuggingFaceDirectory.Load(checkpoint), Settings);
        Assert.Equal(report.WeightsSha256, trainer.WeightsSha256());
        Assert.Equal([checkpoint, model], Directory.EnumerateFileSystemEntries(_folder.Path).Order().Reverse());
    }

    [Fact]
    public async Task A_model_that_does_not_load_is_the_answer_to_every_call()
    {
        await using PolicyLearner learner = new(() => throw new InvalidDataException("no model"), Settings);
        await Assert.ThrowsAsync<InvalidDataException>(() => learner.UpdateAsync(Learners.Batch(0, 3), default));
    }

    [Fact]
    public async Task A_disposed_learner_says_so()
    {
        PolicyLearner learner = Learner();
        await learner.DisposeAsync();
        await learner.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => learner.UpdateAsync(Learners.Batch(0, 3), default));
    }

    [Fact]
    public async Task A_cancelled_update_does_not_train()
    {
        await using PolicyLearner learner = Learner();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            learner.UpdateAsync(Learners.Batch(0, 3), new CancellationToken(true))
        );
        Assert.Equal(PolicyVersion.Base, learner.Version);
    }

    private static PolicyLearner Learner(LearnerSettings? settings = null) => new(() => Learners.Decoder(), settings ?? Settings);
}
