using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Runs;

/// <summary>How a run is resumed.</summary>
public sealed record ResumeOptions
{
    /// <summary>Values of keys that may change (reference.conf marks them); all others are refused by name.</summary>
    public ConfigurationSources Changes { get; init; } = new();

    /// <summary>
    /// Goes on although data, model or conventions are not what they were when the run started; that is recorded in the run.
    /// </summary>
    public bool AcceptChangedInputs { get; init; }

    /// <summary>The parts that the run was started with, where the host app made some; null for none.</summary>
    public HostParts? Parts { get; init; }
}
