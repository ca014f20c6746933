using ICPO.Actors.Contracts.Identity;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>Identity of one engine and where it computes.</summary>
/// <param name="Name">Names the thread, and the engine in errors.</param>
public sealed record EngineOptions(string Name)
{
    /// <summary>Version of the weights that the engine starts with.</summary>
    public PolicyVersion Version { get; init; }

    /// <summary>True to decode one request at a time.</summary>
    public bool IsolateRequests { get; init; }

    /// <summary>Where to compute; null is the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>float32 or bfloat16.</summary>
    public ScalarType Dtype { get; init; } = ScalarType.Float32;
}
