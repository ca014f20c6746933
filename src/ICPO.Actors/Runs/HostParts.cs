using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Runs;

/// <summary>
/// Parts of one run that the host app creates. Those that are null come from the host app's services, otherwise from the configuration.
/// </summary>
public class HostParts
{
    public ITask? Task { get; set; }

    public IVerifier? Verifier { get; set; }

    /// <summary>Demonstrations, in place of the task's own.</summary>
    public IDemonstrationPool? Pool { get; set; }

    /// <summary>Model and learner.</summary>
    public IPolicyBackend? Backend { get; set; }

    /// <summary>Creates a rollout engine with the base weights; called once per engine, and again for one that has failed.</summary>
    public Func<IGenerationEngine>? CreateEngine { get; set; }
}
