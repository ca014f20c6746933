using System.Globalization;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Composition;

/// <summary>Compares the estimated memory of a node's engines with the available memory, before anything is loaded.</summary>
internal static class NodeMemoryCheck
{
    /// <summary>A message with the keys that reduce memory; null if the engines fit or nothing is known.</summary>
    /// <param name="settings">The run's settings, with those of the node.</param>
    /// <param name="machine">The available memory.</param>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static string? Problem(RunSettings settings, MachineMemory machine)
    {
        if (settings.Model.Device != "cpu" || MemoryEstimate.Of(settings) is not { } need)
        {
            return null;
        }

        int engines = settings.EngineCount;
        long total = engines * need.Engine.Total;
        return total <= machine.Bytes
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The engines of this node are estimated to need {MemoryEstimate.Size(total)} ({engines} times "
                    + $"{MemoryEstimate.Size(need.Engine.Total - need.Engine.Cache)} of weights and "
                    + $"{MemoryEstimate.Size(need.Engine.Cache)} of cache), more than the {MemoryEstimate.Size(machine.Bytes)} of "
                    + $"{machine.Source}: lower engine.count = {engines} or engine.slots = {settings.Engine.Slots} at this node, or give "
                    + $"it more memory."
            );
    }
}
