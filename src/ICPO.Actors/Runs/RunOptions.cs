using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Runs;

/// <summary>What one run is started with.</summary>
public sealed class RunOptions : HostParts
{
    /// <summary>Its configuration; null takes the one that was given to <c>AddIcpo</c>.</summary>
    public IcpoConfiguration? Configuration { get; set; }
}
