using Akka.Actor;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Leasing;

/// <summary>Notifies a worker of a node of its core; sent again after the node has joined another epoch.</summary>
public sealed record NodeJoined(IActorRef Core, LearnerEpoch Epoch) : INoSerializationVerificationNeeded;
