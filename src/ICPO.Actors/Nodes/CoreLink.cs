using Akka.Actor;

namespace ICPO.Actors.Nodes;

/// <summary>A node tells its parent that a core has accepted it, or that it has none any more and looks for one.</summary>
/// <param name="HasCore">True where it has one.</param>
public sealed record CoreLink(bool HasCore) : INoSerializationVerificationNeeded;
