namespace ICPO.Actors.Contracts.Identity;

/// <summary>The context a rollout was sampled under.</summary>
public enum Origin
{
    /// <summary>τ ~ π(·|q): the question alone.</summary>
    Policy = 0,

    /// <summary>τ ~ π(·|[D;q]): demonstrations before the question (implicit expert forcing), or a trace taken from the data set.</summary>
    Expert = 1,
}
