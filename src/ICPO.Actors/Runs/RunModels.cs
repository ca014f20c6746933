using Akka.Actor;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Runs;

/// <summary>The models of the core, loaded: the learner, and the engine that evaluates.</summary>
internal sealed record RunModels(ILearner Learner, IGenerationEngine Measuring) : INoSerializationVerificationNeeded;
