using System.Runtime.InteropServices;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// The weights that an engine decodes with, and a second set into which new ones are loaded meanwhile, on a dedicated thread. The second
/// set is allocated when it is needed first, and stays: after an exchange it is the set that was in use before.
/// </summary>
/// <param name="session">The engine's; uses the first set.</param>
/// <param name="model">The base model's files; null if the weights came from elsewhere. Owned.</param>
/// <param name="settings">Whether a second set is allowed, and the threads that load it.</param>
internal sealed class WeightSets(DecodeSession session, ModelFiles? model, EngineSettings settings) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _loading = new();
    private readonly Lock _exchanging = new();
    private EngineWeights _current = new(session.Weights, model);
    private EngineWeights? _spare;
    private long _number;
    private bool _hasMemory = true;

    /// <summary>Weights that were loaded beside those in use.</summary>
    /// <param name="Set">Holds them.</param>
    /// <param name="Number">Which loading; a later one makes it invalid.</param>
    internal sealed record Loaded(EngineWeights Set, long Number);

    /// <summary>False after the second set has found no memory.</summary>
    public bool HasMemory => Volatile.Read(ref _hasMemory);

    public bool LoadsBeside => settings.Swap != SwapMode.Pause && HasMemory;

    /// <summary>Copies the base model's weights into place.</summary>
    public void LoadBase() => _current.LoadBase();

    /// <summary>Loads published weights into those in use, between two decode steps.</summary>
    /// <exception cref="InvalidDataException">The file is malformed or of another model; the weights are unchanged.</exception>
    public void Take(string path) => _current.Take(path);

    /// <summary>Loads published weights beside those in use; null if there is no memory for them.</summary>
    /// <exception cref="InvalidDataException">The file is malformed or of another model.</exception>
    /// <exception cref="ObjectDisposedException">The engine has ended.</exception>
    public Task<Loaded?> LoadAsync(string path) =>
        Task.Factory.StartNew(() => Load(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Decodes with the loaded weights from now on; on the engine's thread, between two steps.</summary>
    /// <returns>False if others have been loaded since: the swap was given up.</returns>
    public bool Exchange(Loaded loaded)
    {
        lock (_exchanging)
        {
            if (loaded.Number != _number)
            {
                return false;
            }

            (_current, _spare) = (loaded.Set, _current);
            session.Use(_current.Weights);
            return true;
        }
    }

    /// <summary>Waits for a loading in progress, which ends after the tensor at hand. The session owns the weights in use.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        lock (_loading)
        {
            _spare?.Weights.Dispose();
            model?.Dispose();
        }
    }

    private Loaded? Load(string path)
    {
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            using NativeCalls.Scope call = NativeCalls.Begin();
            using DisposeScope scope = NewDisposeScope();
            TorchRuntime.SetThreads(settings.Threads);
            (EngineWeights? spare, long number) = Begin();
            try
            {
                spare ??= new EngineWeights(session.Allocate(), model);
            }
            catch (Exception e) when (OutOfMemory.Is(e) || e is ExternalException)
            {
                Volatile.Write(ref _hasMemory, false);
                return null;
            }

            Keep(spare);
            try
            {
                spare.Take(path, _ended.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ObjectDisposedException(nameof(GenerationEngine), "The generation engine was disposed.");
            }

            return new Loaded(spare, number);
        }
    }

    private (EngineWeights? Spare, long Number) Begin()
    {
        lock (_exchanging)
        {
            return (_spare, ++_number);
        }
    }

    private void Keep(EngineWeights spare)
    {
        lock (_exchanging)
        {
            _spare = spare;
        }
    }
}
