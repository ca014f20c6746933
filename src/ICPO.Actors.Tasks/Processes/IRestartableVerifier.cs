namespace ICPO.Actors.Tasks.Processes;

/// <summary>A verifier that stops after some faults, until it is restarted.</summary>
public interface IRestartableVerifier
{
    /// <summary>Forgets its faults; called after a pause.</summary>
    void Restart();
}
