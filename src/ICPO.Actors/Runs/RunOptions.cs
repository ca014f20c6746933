using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Runs;

/// <summary>Options for starting a run.</summary>
public sealed class RunOptions : HostParts
{
    /// <summary>Its configuration; null uses the one of <c>AddIcpo</c>.</summary>
    public IcpoConfiguration? Configuration { get; set; }
}
