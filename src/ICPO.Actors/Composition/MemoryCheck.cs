using System.Globalization;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Composition;

/// <summary>Compares the estimated memory of a run with the available memory, before anything is loaded.</summary>
internal static class MemoryCheck
{
    /// <summary>One sentence with the keys that help, the one that saves most first; null if the run fits or nothing is known.</summary>
    /// <param name="settings">The run's.</param>
    /// <param name="machine">What there is.</param>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static string? Problem(RunSettings settings, MachineMemory machine)
    {
        if (settings.Model.Device != "cpu" || MemoryEstimate.Of(settings) is not { } need || need.Total <= machine.Bytes)
        {
            return null;
        }

        string keys = string.Join("; ", Savings(settings, need).OrderByDescending(s => s.Bytes).Take(MaxKeys).Select(s => s.Advice));
        string otherwise = settings.ChecksMemory ? ", or set run.memory-check = warn to start it anyway" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The run is estimated to need {MemoryEstimate.Size(need.Total)} (learner {MemoryEstimate.Size(need.Learner.Total)}, "
                + $"{need.Engines} engines {MemoryEstimate.Size(need.Engines * need.Engine.Total)}), more than the "
                + $"{MemoryEstimate.Size(machine.Bytes)} of {machine.Source}: {keys}{otherwise}."
        );
    }

    private const int MaxKeys = 3;

    private static IEnumerable<(long Bytes, string Advice)> Savings(RunSettings settings, MemoryNeed need)
    {
        yield return (
            need.Learner.Activations,
            $"lower learner.micro-batch-tokens = {settings.Learner.MicroBatchTokens} ({MemoryEstimate.Size(need.Learner.Activations)} of "
                + "activations) or engine.context"
        );
        if (!settings.Learner.GradientCheckpointing)
        {
            yield return (need.Learner.Activations / 2, "set learner.gradient-checkpointing = true");
        }

        if (settings.Model.Lora is null)
        {
            yield return (
                need.Learner.State / 2,
                $"train an adapter (model.lora.rank; all weights take {MemoryEstimate.Size(need.Learner.State)})"
            );
        }

        yield return (
            need.Engines * need.Engine.Cache,
            $"lower engine.slots = {settings.Engine.Slots} or engine.context = {settings.Engine.Context} "
                + $"({MemoryEstimate.Size(need.Engines * need.Engine.Cache)} of caches)"
        );
        if (settings.EngineCount > 1)
        {
            yield return ((need.Engines - 2) * need.Engine.Total, "set engine.count = 1");
        }
    }
}
