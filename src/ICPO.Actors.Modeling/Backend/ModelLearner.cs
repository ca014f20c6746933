using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>Creates learners of a model, or of an adapter of it.</summary>
public static class ModelLearner
{
    /// <summary>A learner of float32 weights whose checkpoints get the model's tokenizer files.</summary>
    /// <param name="model">The base model.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="device">Where to compute; null is the CPU.</param>
    /// <param name="lora">The adapter that is trained instead of the weights; null trains all weights.</param>
    /// <param name="loraSeed">Seed of the adapter's initial values.</param>
    /// <param name="checkpointFilled">See <see cref="PolicyLearner.CheckpointFilled"/>.</param>
    public static PolicyLearner Create(
        ModelSource model,
        LearnerSettings settings,
        Device? device = null,
        LoraSettings? lora = null,
        ulong loraSeed = 0,
        Action? checkpointFilled = null
    ) =>
        new(
            () => model.Load(device, ScalarType.Float32),
            settings,
            model.Special,
            model.SaveTokenizer,
            lora is null ? null : decoder => LoraAdapter.Create(decoder, lora, loraSeed),
            model.Path
        )
        {
            CheckpointFilled = checkpointFilled,
        };
}
