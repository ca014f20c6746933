using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Training;

namespace ICPO.Actors.Composition;

/// <summary>The configured model.</summary>
internal static class ConfiguredModel
{
    /// <param name="settings">Name the model, its adapter and how both are computed and trained.</param>
    /// <param name="checkpointFilled">See <see cref="PolicyLearner.CheckpointFilled"/>.</param>
    /// <exception cref="ArgumentException">A setting does not fit the model.</exception>
    /// <exception cref="InvalidDataException">The model cannot be read; names the file.</exception>
    public static PolicyBackend OpenModel(this RunSettings settings, Action? checkpointFilled = null)
    {
        ModelSettings model = settings.Model;
        return new PolicyBackend(
            model.Path.Length > 0 ? model.Path : BundledModel.Path,
            settings.Engine,
            settings.Learner,
            new BackendOptions
            {
                Device = model.Device,
                Dtype = model.DType,
                SpecialTokens = model.SpecialTokens,
                Adapter = model.Adapter.Length > 0 ? model.Adapter : null,
                Lora = model.Lora,
                LoraSeed = Seed.Derive(settings.Seed, "lora"),
            }
        )
        {
            CheckpointFilled = checkpointFilled,
        };
    }
}
