using System.Runtime.InteropServices;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>One token to run through the model.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Slot">The cache slot of its sequence.</param>
/// <param name="Position">Its position; the slot holds keys and values of every earlier one.</param>
internal readonly record struct Row(int Token, int Slot, int Position);

/// <summary>
/// The decoder with a preallocated key/value cache. Prompts and decode steps are both rows, each with its own slot and position, so
/// sequences of any length share a batch without padding. Used from one thread, without gradients.
/// </summary>
internal abstract class DecodeSession(DecoderConfig config, int slots, int context) : IDisposable
{
    protected DecoderConfig Config { get; } = config;

    public int VocabularySize => Config.VocabSize;

    /// <summary>Sequences the cache holds.</summary>
    public int Slots { get; } = slots;

    /// <summary>Positions a slot holds.</summary>
    public int Context { get; } = context;

    /// <summary>
    /// The weights in use; loading others into them takes effect with the next call of <see cref="Forward"/>. Owned by the session.
    /// </summary>
    public abstract InferenceWeights Weights { get; }

    /// <summary>Allocates weights that <see cref="Use"/> accepts; they hold nothing yet. Thread-safe.</summary>
    public abstract InferenceWeights Allocate();

    /// <summary>Takes other weights from the next call of <see cref="Forward"/> on; those before belong to the caller then.</summary>
    public abstract void Use(InferenceWeights weights);

    /// <summary>
    /// The session for the device: hand-written float32 row kernels around matrix products on the CPU, tensor operations elsewhere.
    /// </summary>
    public static DecodeSession Create(DecoderConfig config, int slots, int context, Device device, ScalarType dtype) =>
        device.type == DeviceType.CPU
            ? new CpuDecodeSession(config, slots, context, dtype)
            : new TensorDecodeSession(config, slots, context, device, dtype);

    /// <summary>A session with the settings' size, whose weights <paramref name="load"/> fills.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Slots, context or threads are out of range.</exception>
    public static DecodeSession Open(DecoderConfig config, Action<DecodeSession> load, EngineSettings settings, EngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Context);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Context, config.MaxPositionEmbeddings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Threads, 1);
        TorchRuntime.EnsureLoaded();
        int context = settings.Context == 0 ? config.MaxPositionEmbeddings : settings.Context;
        DecodeSession session = Create(config, settings.Slots + 1, context, options.Device ?? CPU, options.Dtype);
        try
        {
            load(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the rows, stores their keys and values, and gives the logits of some.</summary>
    /// <param name="rows">Rows of one slot are adjacent, in ascending order of position.</param>
    /// <param name="wanted">Indices of the rows whose logits are returned, ascending; at most <see cref="Slots"/>.</param>
    /// <returns>[wanted, vocabulary], row by row; valid until the next call.</returns>
    public abstract ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted);

    /// <summary>Copies the first <paramref name="length"/> positions of a slot to another.</summary>
    public abstract void CopyPrefix(int from, int to, int length);

    public abstract void Dispose();

    /// <exception cref="InvalidOperationException">There is not enough memory.</exception>
    protected Tensor AllocateCache(long[] shape, Device device, ScalarType dtype)
    {
        try
        {
            return empty(shape, dtype, device);
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException(
                $"Not enough memory on {device} for a cache of {Slots - 1} slots of {Context} tokens; "
                    + "lower engine.slots or engine.context.",
                e
            );
        }
    }
}
