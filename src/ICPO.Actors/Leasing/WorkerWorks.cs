using Akka.Actor;

namespace ICPO.Actors.Leasing;

/// <summary>A worker notifies its node, once, that it has completed work, so its model and settings are valid.</summary>
/// <param name="Worker">Its name.</param>
internal sealed record WorkerWorks(string Worker) : INoSerializationVerificationNeeded;
