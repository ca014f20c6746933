using ICPO.Actors.Contracts;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

/// <summary>
/// The learner: a <see cref="PolicyTrainer"/> on a thread of its own. Calls are done one after another in the order they came.
/// </summary>
public sealed class PolicyLearner : ILearner
{
    private readonly TorchThread _thread;
    private readonly Task<PolicyTrainer> _trainer;
    private readonly SpecialTokens _special;
    private readonly Action<string>? _tokenizer;
    private PolicyTrainer? _loaded;
    private long _version;
    private bool _disposed;

    /// <summary>Trains the model of a Hugging Face directory; checkpoints get its tokenizer files.</summary>
    /// <exception cref="InvalidDataException">The directory is not a model; names the file.</exception>
    public PolicyLearner(
        string modelDirectory, LearnerSettings settings, PolicyVersion initial = default, Device? device = null, ScalarType dtype = ScalarType.Float32)
        : this(
            () => HuggingFaceDirectory.Load(modelDirectory, device, dtype), settings, initial,
            HuggingFaceDirectory.LoadSpecialTokens(modelDirectory), directory => CopyTokenizer(modelDirectory, directory))
    {
    }

    /// <param name="load">Makes the decoder, on the learner's thread; called again for the reference model where the settings need one.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="initial">Updates behind the weights.</param>
    /// <param name="special">Special tokens of checkpoints.</param>
    /// <param name="tokenizer">Writes tokenizer files into a checkpoint's directory; null writes none.</param>
    public PolicyLearner(
        Func<Decoder> load, LearnerSettings settings, PolicyVersion initial = default, SpecialTokens? special = null, Action<string>? tokenizer = null)
    {
        (_special, _tokenizer, _version) = (special ?? new(null, [], null), tokenizer, initial.Value);
        _thread = new TorchThread("learner", settings.Threads);
        _trainer = _thread.RunAsync(
            () => _loaded = new PolicyTrainer(load(), settings, initial, settings.Objective.KlCoefficient != 0 ? load() : null));
    }

    /// <summary>Called on the learner's thread when a checkpoint is complete and has not got its name yet; a test of recovery ends the process there.</summary>
    public Action? CheckpointFilled { get; init; }

    public PolicyVersion Version => new(Interlocked.Read(ref _version));

    public Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken) => RunAsync(
        trainer =>
        {
            UpdateReport report = trainer.Update(batch);
            Interlocked.Exchange(ref _version, report.Version.Value);
            return report;
        },
        cancellationToken);

    public Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken) => RunAsync(
        trainer =>
        {
            Directory.CreateDirectory(directory);
            string path = Path.GetFullPath(Path.Combine(directory, $"policy-{trainer.Version.Value}.safetensors"));
            WrittenFile file = HuggingFaceDirectory.SaveWeights(trainer.Decoder, path);
            return new PolicySnapshot(trainer.Version, epoch, path, file.Sha256, file.Length);
        },
        cancellationToken);

    public Task SaveAsync(string directory, CancellationToken cancellationToken) =>
        RunAsync(trainer => LearnerCheckpoint.Save(trainer, directory, _special, _tokenizer, CheckpointFilled), cancellationToken);

    public Task RestoreAsync(string directory, CancellationToken cancellationToken) => RunAsync(
        trainer =>
        {
            LearnerCheckpoint.Restore(trainer, directory);
            return Interlocked.Exchange(ref _version, trainer.Version.Value);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _thread.RunAsync(
            () =>
            {
                _loaded?.Dispose();
                return true;
            }).ConfigureAwait(false);
        await _thread.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<T> RunAsync<T>(Func<PolicyTrainer, T> work, CancellationToken cancellationToken)
    {
        PolicyTrainer trainer = await _trainer.ConfigureAwait(false);
        return await _thread.RunAsync(() => work(trainer), cancellationToken).ConfigureAwait(false);
    }

    private static void CopyTokenizer(string from, string to)
    {
        string[] patterns = ["tokenizer*", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template*"];
        foreach (string file in patterns.SelectMany(pattern => Directory.EnumerateFiles(from, pattern)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
