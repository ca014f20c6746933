using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// An engine's weights: those of the base model, or those that a learner published. An adapter is added to the base weights from their
/// files, in float32 and rounded once, so that errors do not accumulate over swaps and no second copy of the weights is in memory.
/// </summary>
/// <param name="weights">The session's weights.</param>
/// <param name="model">The base model's files; null if the weights came from elsewhere. Owned.</param>
internal sealed class EngineWeights(InferenceWeights weights, ModelFiles? model) : IDisposable
{
    /// <summary>Parameters that differ from the base model's.</summary>
    private HashSet<string> _changed = [];

    /// <summary>Copies the base model's weights into place.</summary>
    public void LoadBase() => weights.Load(model!.Tensors);

    /// <summary>Loads what a learner published: all weights, or an adapter.</summary>
    /// <exception cref="InvalidDataException">The file is malformed or of another model; the weights are unchanged.</exception>
    public void Take(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!AdapterFile.IsPublished(file))
        {
            weights.Load((List<ITensorFile>)[file]);
            _changed = [.. weights.Places.Keys];
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
        weights.Load(sums, _changed.Union(adapter.Weights).ToHashSet());
        _changed = [.. adapter.Weights];
    }

    public void Dispose() => model?.Dispose();
}
