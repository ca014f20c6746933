using Akka.Actor;

namespace ICPO.Actors.Leasing;

/// <summary>A worker tells its node, once, that it has done something: what it was started with is good.</summary>
/// <param name="Worker">Its name.</param>
internal sealed record WorkerWorks(string Worker) : INoSerializationVerificationNeeded;
