namespace ICPO.Actors.Engines;

/// <summary>Rollouts are sampled in this process, by the backend that also creates the learner.</summary>
internal static class LocalEngine
{
    public static EngineDescriptor Descriptor { get; } =
        new("local", context => context.Backend.CreateEngine(context.Index, context.IsolateRequests));
}
