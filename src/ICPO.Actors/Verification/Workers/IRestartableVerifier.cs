namespace ICPO.Actors.Verification.Workers;

/// <summary>A verifier that stops after some faults, until it is restarted.</summary>
internal interface IRestartableVerifier
{
    /// <summary>Forgets its faults; called after a pause.</summary>
    void Restart();
}
