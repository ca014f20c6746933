namespace ICPO.Actors.Verification.Workers;

/// <summary>A verifier that gives up after some faults, until it is told to try again.</summary>
internal interface IRestartableVerifier
{
    /// <summary>Forgets its faults; called after a pause.</summary>
    void Restart();
}
