using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Nodes;

/// <summary>
/// A node in another process, which only knows the cluster, requests the run's description; answered with <see cref="RunDescription"/> or
/// <see cref="Refused"/>, and repeated until then.
/// </summary>
/// <param name="Node">The node's display name.</param>
/// <param name="Product">The version of the product that the node runs; another one than the core's is refused.</param>
public sealed record DescribeRun(string Node, string Product);

/// <summary>A file of the base model, which a node without it fetches from the core.</summary>
/// <param name="Name">Its path in the model's directory, with forward slashes.</param>
/// <param name="Sha256">The SHA-256 of its content, lower-case hex.</param>
/// <param name="Length">In bytes.</param>
public sealed record ModelFile(string Name, string Sha256, long Length);

/// <summary>The description of a run that a node needs in order to compute for it.</summary>
public sealed record RunDescription
{
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The version of the product that the core runs.</summary>
    public required string Product { get; init; }

    /// <summary>The effective configuration as HOCON, without secrets.</summary>
    public required string Configuration { get; init; }

    /// <summary>The base model.</summary>
    public required ImmutableArray<ModelFile> Model { get; init; }

    /// <summary>Files of the adapter that is trained further or applied; empty without one.</summary>
    public ImmutableArray<ModelFile> Adapter { get; init; } = [];

    /// <summary>Maximum tokens of a response, as the run's task limits them.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Strings that end a response.</summary>
    public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>Base address of the core's files, e.g. <c>http://127.0.0.1:5053</c>.</summary>
    public required string Files { get; init; }
}

/// <summary>The run has ended at the core: its nodes have nothing more to do.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Epoch">The epoch that has ended.</param>
public sealed record RunEnded(string Run, LearnerEpoch Epoch);

/// <summary>The node leaves: it accepts no new work, delivers its rollouts and ends.</summary>
/// <param name="Epoch">The epoch of the core that requests it.</param>
public sealed record LeaveRun(LearnerEpoch Epoch);
