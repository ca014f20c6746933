using Akka.Actor;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Leasing;

/// <summary>Tells a worker of a node which core it works for; sent again after the node has joined another epoch.</summary>
public sealed record NodeJoined(IActorRef Core, LearnerEpoch Epoch) : INoSerializationVerificationNeeded;
