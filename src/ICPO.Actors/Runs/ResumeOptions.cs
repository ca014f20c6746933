using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Runs;

/// <summary>Options for resuming a run.</summary>
public sealed record ResumeOptions
{
    /// <summary>Values of keys that may change (reference.conf marks them); all others are rejected by name.</summary>
    public ConfigurationSources Changes { get; init; } = new();

    /// <summary>Continues although data, model or conventions differ from those at the start of the run; the run records this.</summary>
    public bool AcceptChangedInputs { get; init; }

    /// <summary>The parts with which the run was started, if the host app created some; null for none.</summary>
    public HostParts? Parts { get; init; }
}
