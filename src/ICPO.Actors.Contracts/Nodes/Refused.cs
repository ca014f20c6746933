using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Nodes;

/// <summary>The answer of the core to a message that does not follow from its state; nothing has changed.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="Epoch">The epoch of the core that answers.</param>
public sealed record Refused(string Reason, LearnerEpoch Epoch);
