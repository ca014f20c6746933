using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// A set of an engine's weights: those of the base model, or those that a learner published. An adapter is added to the base weights from
/// their files, in float32 and rounded once, so that errors do not accumulate over swaps.
/// </summary>
/// <param name="weights">Where they are.</param>
/// <param name="model">The base model's files; null if the weights came from elsewhere.</param>
internal sealed class EngineWeights(InferenceWeights weights, ModelFiles? model) : IDisposable
{
    /// <summary>Parameters that differ from the base model's; null if any may.</summary>
    private HashSet<string>? _changed;

    public InferenceWeights Weights => weights;

    /// <summary>Copies the base model's weights into place.</summary>
    public void LoadBase()
    {
        weights.Load(model!.Tensors);
        _changed = [];
    }

    /// <summary>Loads what a learner published: all weights, or an adapter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Checked before every tensor.</param>
    /// <exception cref="InvalidDataException">The file is malformed or of another model; the weights are unchanged.</exception>
    public void Take(string path, CancellationToken cancellationToken = default)
    {
        using var file = SafetensorsFile.Open(path);
        if (!AdapterFile.IsPublished(file))
        {
            Load([file], only: null, changed: null, cancellationToken);
            return;
        }

        if (model is null)
        {
            throw new InvalidDataException(
                $"{path} holds an adapter, but the engine was created without its base model's files; "
                    + "create it from a model directory or publish all weights."
            );
        }

        using var adapter = AdapterFile.Of(file, LoraPlan.Layers(weights.Places));
        List<ITensorFile> sums = [.. model.Tensors.Select(tensors => new AdaptedTensors(tensors, adapter))];
        Load(sums, _changed?.Union(adapter.Weights).ToHashSet(), [.. adapter.Weights], cancellationToken);
    }

    /// <summary>Closes the base model's files; the weights are the session's.</summary>
    public void Dispose() => model?.Dispose();

    /// <summary>Where a copy fails half-way, nothing is known of the weights.</summary>
    private void Load(List<ITensorFile> files, HashSet<string>? only, HashSet<string>? changed, CancellationToken cancellationToken)
    {
        weights.Load(files, only, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            _changed = null;
        });
        _changed = changed;
    }
}
