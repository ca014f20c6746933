using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>Creates learners of a model, or of an adapter of it.</summary>
public static class ModelLearner
{
    /// <summary>A learner whose checkpoints get the model's tokenizer files.</summary>
    /// <param name="model">The base model.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="initial">Version of the weights.</param>
    /// <param name="device">Where to compute; null is the CPU.</param>
    /// <param name="dtype">Data type of the trained weights.</param>
    /// <param name="lora">The adapter that is trained instead of the weights; null trains all weights.</param>
    /// <param name="loraSeed">Seed of the adapter's initial values.</param>
    /// <param name="checkpointFilled">See <see cref="PolicyLearner.CheckpointFilled"/>.</param>
    public static PolicyLearner Create(
        ModelSource model,
        LearnerSettings settings,
        PolicyVersion initial = default,
        Device? device = null,
        ScalarType dtype = ScalarType.Float32,
        LoraSettings? lora = null,
        ulong loraSeed = 0,
        Action? checkpointFilled = null
    ) =>
        new(
            () => model.Load(device, dtype),
            settings,
            initial,
            model.Special,
            model.SaveTokenizer,
            lora is null ? null : decoder => LoraAdapter.Create(decoder, lora, loraSeed),
            model.Path
        )
        {
            CheckpointFilled = checkpointFilled,
        };
}
