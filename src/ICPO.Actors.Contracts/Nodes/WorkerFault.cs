using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Nodes;

/// <summary>
/// A worker of a node has failed; its node starts it again. Sent at once and repeated until it has started, so that one may be lost.
/// </summary>
public sealed record WorkerFault
{
    /// <summary>The worker's name, as in its demands.</summary>
    public required string Worker { get; init; }

    public required NodeRole Role { get; init; }

    /// <summary>The core's epoch as known to the node; another one is rejected.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>Counts the faults of the worker from 1, so that a repeated message is recognized.</summary>
    public required long Number { get; init; }

    /// <summary>The error message.</summary>
    public required string Reason { get; init; }

    /// <summary>The time until it is started again.</summary>
    public required TimeSpan Pause { get; init; }
}

/// <summary>A note for the user of the run about a worker that continues to work.</summary>
/// <param name="Epoch">The core's epoch as known to the node; another one is rejected.</param>
/// <param name="Text">A sentence.</param>
public sealed record WorkerNote(LearnerEpoch Epoch, string Text);
