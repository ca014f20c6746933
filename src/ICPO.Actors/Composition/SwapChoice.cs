using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Composition;

/// <summary>Decides, if <c>engine.swap</c> is auto, whether engines load new weights while the old ones are in use.</summary>
internal static class SwapChoice
{
    /// <summary>
    /// With η = 0 engines are idle when new weights come, so a second set would be of no use. On a GPU the engine finds out by itself. On
    /// the CPU an allocation does not fail before the memory is used, so the estimate decides.
    /// </summary>
    /// <param name="settings">The run's.</param>
    /// <param name="machine">What there is.</param>
    /// <returns>The settings with the choice, and a sentence where memory does not allow a second set.</returns>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static (RunSettings Settings, string? Note) Decide(RunSettings settings, MachineMemory machine)
    {
        if (settings.Engine.Swap != SwapMode.Auto || settings.Model.Device != "cpu")
        {
            return (settings, null);
        }

        RunSettings pause = With(settings, SwapMode.Pause);
        RunSettings beside = With(settings, SwapMode.Beside);
        if (settings.IsSynchronous || MemoryEstimate.Of(beside) is not { } need)
        {
            return (pause, null);
        }

        return need.Total <= machine.Bytes
            ? (beside, null)
            : (
                pause,
                $"Engines pause while they load new weights: with a second set of weights the run is estimated to need "
                    + $"{MemoryEstimate.Size(need.Total)}, more than the {MemoryEstimate.Size(machine.Bytes)} of {machine.Source}. Set "
                    + "engine.swap = beside to keep both in memory anyway, or pause to suppress this note."
            );
    }

    private static RunSettings With(RunSettings settings, SwapMode mode) => settings with { Engine = settings.Engine with { Swap = mode } };
}
