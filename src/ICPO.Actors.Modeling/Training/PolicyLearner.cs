using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// The learner: a <see cref="PolicyTrainer"/> on a dedicated thread. Calls are processed one after another in order of arrival.
/// </summary>
public sealed class PolicyLearner : ILearner
{
    private readonly TorchThread _thread;
    private readonly Task<PolicyTrainer> _trainer;
    private readonly LearnerCheckpoint _checkpoint;
    private PolicyTrainer? _loaded;
    private readonly CancellationTokenSource _ending = new();
    private long _version;
    private volatile string _hardware = "";
    private bool _disposed;

    /// <param name="load">Makes the decoder, on the learner's thread; called again for the reference model where the settings need
    /// one.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="special">Special tokens of checkpoints.</param>
    /// <param name="tokenizer">Writes tokenizer files into a checkpoint's directory; null writes none.</param>
    /// <param name="adapt">Attaches an adapter, which alone is trained; null trains all weights.</param>
    /// <param name="baseModel">Path of the base model, for an adapter's checkpoints.</param>
    public PolicyLearner(
        Func<Decoder> load,
        LearnerSettings settings,
        SpecialTokens? special = null,
        Action<string>? tokenizer = null,
        Func<Decoder, LoraAdapter>? adapt = null,
        string? baseModel = null
    )
    {
        _checkpoint = new(special ?? new(null, [], null), tokenizer, baseModel);
        _thread = new TorchThread("learner", settings.Threads);
        _trainer = _thread.RunAsync(() =>
        {
            _loaded = Create(load, settings, adapt);
            _hardware = HardwareText.Describe(_loaded.Decoder.Device, settings.Threads);
            return _loaded;
        });
    }

    /// <summary>
    /// Called on the learner's thread when a checkpoint is complete but not yet renamed to its final name; recovery tests end the process
    /// there.
    /// </summary>
    public Action? CheckpointFilled { get; init; }

    public PolicyVersion Version => new(Interlocked.Read(ref _version));

    /// <summary>Empty until the model is loaded.</summary>
    public string Hardware => _hardware;

    public async Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        return await RunAsync(
                trainer =>
                {
                    UpdateReport report = trainer.Update(batch, ending.Token);
                    Interlocked.Exchange(ref _version, report.Version.Value);
                    return report;
                },
                ending.Token
            )
            .ConfigureAwait(false);
    }

    public Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken) =>
        RunAsync(
            trainer =>
            {
                string path = Path.GetFullPath(Path.Combine(directory, $"policy-{trainer.Version.Value}.safetensors"));
                CreateFolder(Path.GetDirectoryName(path)!);
                WrittenFile file = LoraAdapter.AttachedTo(trainer.Decoder)?.Publish(path)
                    ?? HuggingFaceDirectory.SaveWeights(trainer.Decoder, path);
                return new PolicySnapshot(trainer.Version, epoch, path, file.Sha256, file.Length);
            },
            cancellationToken
        );

    /// <summary>A folder of a directory that is there: one that was removed does not come back.</summary>
    private static void CreateFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"{path} cannot be created: there is no directory {parent}; create it.");
        }

        Directory.CreateDirectory(path);
    }

    public Task SaveAsync(string directory, CancellationToken cancellationToken) =>
        RunAsync(trainer => _checkpoint.Save(trainer, directory, CheckpointFilled), cancellationToken);

    public Task RestoreAsync(string directory, CancellationToken cancellationToken) =>
        RunAsync(
            trainer =>
            {
                LearnerCheckpoint.Restore(trainer, directory);
                return Interlocked.Exchange(ref _version, trainer.Version.Value);
            },
            cancellationToken
        );

    /// <summary>Ends an update between two micro-batches and waits for other work, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        await _thread
            .RunAsync(() =>
            {
                _loaded?.Dispose();
                return true;
            })
            .ConfigureAwait(false);
        await _thread.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task<T> RunAsync<T>(Func<PolicyTrainer, T> work, CancellationToken cancellationToken)
    {
        PolicyTrainer trainer = await _trainer.ConfigureAwait(false);
        return await _thread.RunAsync(() => work(trainer), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An adapted model without its adapter is its own reference, so it is loaded only once.</summary>
    private static PolicyTrainer Create(Func<Decoder> load, LearnerSettings settings, Func<Decoder, LoraAdapter>? adapt)
    {
        Decoder decoder = load();
        adapt?.Invoke(decoder);
        return new PolicyTrainer(
            decoder,
            settings,
            PolicyVersion.Base,
            settings.Objective.KlCoefficient != 0 && adapt is null ? load() : null
        );
    }
}
