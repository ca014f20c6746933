namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>A verifier that can check before a run starts that it would work on this machine.</summary>
public interface IStartCheck
{
    /// <exception cref="ArgumentException">It cannot work; the message names the key and the fix.</exception>
    void RequireStartable();
}
