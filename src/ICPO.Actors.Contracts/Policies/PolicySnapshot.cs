using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>Weights that were published: a safetensors file, complete since it carries this name, and what it must hash to.</summary>
/// <param name="Version">Updates behind these weights.</param>
/// <param name="Epoch">The learner incarnation that wrote them.</param>
/// <param name="Path">Where the file lies.</param>
/// <param name="Sha256">Of the whole file, lower-case hex.</param>
/// <param name="Length">Of the file, in bytes.</param>
public sealed record PolicySnapshot(PolicyVersion Version, LearnerEpoch Epoch, string Path, string Sha256, long Length);
