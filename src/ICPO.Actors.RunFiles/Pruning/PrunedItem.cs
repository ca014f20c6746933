namespace ICPO.Actors.RunFiles.Pruning;

/// <summary>A file or directory of a run that is not needed, or its payloads on a server.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Reason">Why it is not needed.</param>
public sealed record PrunedItem(string Path, long Bytes, PruneReason Reason)
{
    /// <summary>True for rows on the journal's server.</summary>
    public bool IsInDatabase { get; init; }
}

/// <summary>Why a file of a run is not needed.</summary>
public enum PruneReason
{
    /// <summary>Published weights: a resumed run publishes its weights again.</summary>
    PublishedWeights,

    /// <summary>The rest of a write that was interrupted.</summary>
    Unfinished,

    /// <summary>A checkpoint before the last one of a run that is completed.</summary>
    EarlierCheckpoint,

    /// <summary>Payloads of a completed run, which only inspect and replay read.</summary>
    Payload,
}

/// <summary>Additional items to delete besides published weights and unfinished files.</summary>
/// <param name="Checkpoints">Checkpoints before the last one of completed runs.</param>
/// <param name="Payloads">Payloads of completed runs.</param>
public sealed record PruneScope(bool Checkpoints = false, bool Payloads = false);
