using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Algorithm.Buffering;

/// <summary>The reply of the buffer to a command.</summary>
public enum BufferAnswer
{
    /// <summary>Done once the events are recorded; a duplicate is accepted without events.</summary>
    Accepted,

    /// <summary>There are not enough groups for a batch yet; repeat the request after the next admission.</summary>
    Waiting,

    /// <summary>The command does not follow from the state, e.g. it comes from an older epoch.</summary>
    Refused,
}

/// <summary>The events that a command causes, in order, and its answer.</summary>
/// <param name="Events">To be persisted and applied before the answer is given.</param>
/// <param name="Answer">How the command is answered.</param>
/// <param name="Reason">Why it is refused.</param>
public sealed record BufferDecision(ImmutableArray<IBufferEvent> Events, BufferAnswer Answer, string? Reason = null)
{
    internal static BufferDecision Accept(params ImmutableArray<IBufferEvent> events) => new(events, BufferAnswer.Accepted);

    internal static BufferDecision Refuse(string reason) => new([], BufferAnswer.Refused, reason);
}
