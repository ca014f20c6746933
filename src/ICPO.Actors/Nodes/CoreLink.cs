using Akka.Actor;

namespace ICPO.Actors.Nodes;

/// <summary>A node notifies its parent that a core has accepted it, or that it has lost its core and searches for one.</summary>
/// <param name="HasCore">True if it has a core.</param>
public sealed record CoreLink(bool HasCore) : INoSerializationVerificationNeeded;
