namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token or a stop string came.</summary>
    Stop = 0,

    /// <summary>The token limit or the end of the context came first.</summary>
    Length = 1,

    /// <summary>The request was cancelled; what had been sampled is returned.</summary>
    Cancelled = 2,
}
