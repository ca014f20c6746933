namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token or a stop string was sampled.</summary>
    Stop = 0,

    /// <summary>The token limit or the end of the context was reached.</summary>
    Length = 1,

    /// <summary>The request was cancelled; the tokens sampled so far are returned.</summary>
    Cancelled = 2,
}
