using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// What an engine computes with: the base model's weights, or what a learner published. An adapter is added to the base weights as their
/// files have them, in float32 and rounded once, so no error adds up over swaps, and no second copy of the weights is held.
/// </summary>
/// <param name="weights">Where they lie; the session's.</param>
/// <param name="model">The base model's files; null where the weights came from elsewhere. Owned.</param>
internal sealed class EngineWeights(InferenceWeights weights, ModelFiles? model) : IDisposable
{
    /// <summary>Parameters that are not the base model's.</summary>
    private HashSet<string> _changed = [];

    /// <summary>Copies the base model's weights into place.</summary>
    public void LoadBase() => weights.Load(model!.Tensors);

    /// <summary>Takes what a learner published: all weights, or an adapter.</summary>
    /// <exception cref="InvalidDataException">The file is malformed or of another model; the weights stay as they are.</exception>
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
                $"{path} holds an adapter, but the engine was made without its base model's files; make it from a model directory or publish all weights."
            );
        }

        using var adapter = AdapterFile.Of(file, LoraPlan.Layers(weights.Places));
        List<ITensorFile> sums = [.. model.Tensors.Select(tensors => new AdaptedTensors(tensors, adapter))];
        weights.Load(sums, _changed.Union(adapter.Weights).ToHashSet());
        _changed = [.. adapter.Weights];
    }

    public void Dispose() => model?.Dispose();
}
